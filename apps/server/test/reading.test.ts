import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PredictionNotes, Upload } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { quickTraining, startedServer, type StartedServer } from './support/started-server.ts';

async function serverWithProject(): Promise<StartedServer> {
  const started = await startedServer();
  await started.api.createProject({
    name: 'p',
    task: 'binary',
    target: 'failed',
    positive: 'yes',
    key: 'id',
    training: quickTraining,
  });
  return started;
}

describe('how a file is read', () => {
  const dates = (first: number, rows: number): string =>
    [
      'id,built,torque,failed',
      ...Array.from({ length: rows }, (_, place) => {
        const day = String(1 + (place % 12)).padStart(2, '0');
        return `${first + place},${day}/03/2026,${20 + place / 8},${(place * 7919) % 13 < 4 ? 'yes' : 'no'}`;
      }),
    ].join('\n');
  const reread = (api: StartedServer['api'], id: string, json: object): Promise<Upload> =>
    api.call(Upload, 201, `/api/v1/uploads/${id}/reading`, { json });
  const builtOf = ({ columns }: Upload) => columns.find(({ name }) => name === 'built');

  test('may be corrected; that is remembered, for later files and for predictions, and can be taken back', async () => {
    const { api, dataDir } = await serverWithProject();
    const first = await api.upload('p', dates(1, 300), 'march.csv');
    expect(first.problems.map(({ code }) => code)).toEqual(['ambiguous_date']);
    const corrected = await reread(api, first.id, { dates: 'day_first' });
    expect(corrected).toMatchObject({
      filename: 'march.csv',
      sha256: first.sha256,
      status: 'valid',
      problems: [],
      dialect: { remembered: ['dates'] },
    });
    expect(builtOf(corrected)).toMatchObject({ type: 'date', format: 'day_first' });
    expect(await api.call(Upload, 200, `/api/v1/uploads/${first.id}`)).toMatchObject({ status: 'discarded' });
    expect(readdirSync(join(dataDir, 'lake/projects/p/uploads', first.id))).not.toContain('received.csv');
    expect((await api.project('p')).reading).toEqual({ dates: 'day_first' });

    const second = await api.upload('p', dates(1001, 50), 'april.csv');
    expect([second.problems, builtOf(second)?.format]).toEqual([[], 'day_first']);
    const otherwise = await api.upload('p', 'id,built,torque,failed\n9,03/31/2026,1,yes\n', 'us.csv');
    expect(otherwise.problems.map(({ code }) => code)).toContain('dates_contradicted');
    expect(builtOf(otherwise)?.format).toBe('month_first');

    const run = await api.runToDecision('p', [corrected.id, second.id]);
    await api.decide(run.id, 'candidate');
    const scored = await api.text('/api/v1/projects/p/predictions.csv', { csv: dates(1, 3) });
    expect(scored.trim().split('\n')).toHaveLength(4);
    // What is to be said of a file that is answered with a file stands in a header, in the reader's language.
    const again = `${dates(1, 3).trimEnd()}\n${dates(1, 3)}`;
    const noted = await api.send('/api/v1/projects/p/predictions.csv', {
      csv: again,
      headers: { 'accept-language': 'pt-BR' },
    });
    const notes = PredictionNotes.parse(JSON.parse(noted.headers.get('kaefer-notes') ?? 'null'));
    expect(notes).toMatchObject([{ code: 'header_repeated', count: 1, line: 5, severity: 'warning' }]);
    expect(notes[0]?.message).toContain('Os nomes das colunas aparecem de novo');
    expect((await noted.text()).trim().split('\n')).toHaveLength(7);
    await api.refused('upload_in_use', 409, `/api/v1/uploads/${corrected.id}/reading`, { json: {} });
    await api.refused('invalid_request', 400, `/api/v1/uploads/${otherwise.id}/reading`, {
      json: { decimal: 'dot' },
    });
    expect((await reread(api, otherwise.id, {})).problems.map(({ code }) => code)).not.toContain(
      'dates_contradicted',
    );
    expect((await api.project('p')).reading).toEqual({});
  });

  test('holds for the other files that wait as well, which are read again', async () => {
    const { api } = await serverWithProject();
    const march = await api.upload('p', dates(1, 300), 'march.csv');
    const april = await api.upload('p', dates(1001, 300), 'april.csv');
    expect([builtOf(march)?.type, builtOf(april)?.type]).toEqual(['text', 'text']);
    const corrected = await reread(api, march.id, { dates: 'day_first' });
    const Items = z.object({ items: z.array(Upload) });
    const { items } = await api.call(Items, 200, '/api/v1/projects/p/uploads');
    const waiting = items.filter(({ status }) => status === 'valid');
    expect(
      waiting.map((upload) => [upload.filename, builtOf(upload)?.format, upload.problems]).sort(),
    ).toEqual([
      ['april.csv', 'day_first', []],
      ['march.csv', 'day_first', []],
    ]);
    expect(waiting.map(({ id }) => id)).toContain(corrected.id);
    expect(
      items
        .filter(({ status }) => status === 'discarded')
        .map(({ id }) => id)
        .sort(),
    ).toEqual([march.id, april.id].sort());
  });
});
