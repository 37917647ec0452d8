import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Draft, Upload, type Reading } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { until } from './support/killed-site.ts';
import { readCsv } from './support/read-csv.ts';
import { csvOf, dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { quickTraining, startedServer, token, type StartedServer } from './support/started-server.ts';

const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);
const creation = {
  name: 'p',
  task: 'binary',
  target: 'failed',
  positive: 'yes',
  key: 'id',
  training: quickTraining,
} as const;

async function serverWithProject(settings: Parameters<typeof startedServer>[0] = {}): Promise<StartedServer> {
  const started = await startedServer(settings);
  await started.api.createProject(creation);
  return started;
}

const uploadsFolder = (dataDir: string): string => join(dataDir, 'lake/projects/p/uploads');
const columnsOf = (
  columns: readonly Pick<Upload['columns'][number], 'name' | 'type'>[],
): Record<string, string> => Object.fromEntries(columns.map(({ name, type }) => [name, type]));

describe('what a file may bring', () => {
  test('rejected rows come with reasons, in the language of the reader', async () => {
    const { api } = await serverWithProject();
    await api.learn('p', rowsOf({ count: 400 }));
    const rows = rowsOf({ count: 12, first: 9001, seed: 5 });
    const broken = rows.map((row, index) => {
      if (index === 1) return { ...row, torque: 'heavy' };
      if (index === 3) return { ...row, failed: null };
      if (index === 5) return { ...row, id: null };
      if (index === 7) return { ...row, built: '2026-02-31' };
      if (index === 9) return { ...row, failed: 'perhaps' };
      return row;
    });
    const twice = { ...rows[11], station: 77 };
    const upload = await api.upload('p', [...broken, twice]);
    expect(upload).toMatchObject({
      status: 'valid',
      rows: { total: 13, new: 7, updated: 0, unchanged: 0, rejected: 6 },
    });
    const found = upload.problems.map(({ code, column, line, value }) => ({ code, column, line, value }));
    expect(found).toEqual(
      expect.arrayContaining([
        { code: 'not_a_number', column: 'torque', line: 3, value: 'heavy' },
        expect.objectContaining({ code: 'target_missing', line: 5 }),
        expect.objectContaining({ code: 'key_missing', line: 7 }),
        { code: 'not_a_date', column: 'built', line: 9, value: '2026-02-31' },
        { code: 'target_unknown', column: 'failed', line: 11, value: 'perhaps' },
        expect.objectContaining({ code: 'contradicting_key', line: 13, value: rows[11]?.['id'] }),
      ]),
    );
    const path = `/api/v1/uploads/${upload.id}/rejected.csv`;
    const english = readCsv(await api.text(path));
    expect(english.map((row) => row['Käfer line'])).toEqual(['3', '5', '7', '9', '11', '13']);
    expect(english[0]).toMatchObject({
      id: rows[1]?.['id'],
      torque: 'heavy',
      'Käfer reason': expect.stringMatching(/is no number/) as string,
    });
    const portuguese = readCsv(await api.text(path, { headers: { 'accept-language': 'pt-BR,pt;q=0.9' } }));
    expect(portuguese.map((row) => row['Käfer linha'])).toEqual(english.map((row) => row['Käfer line']));
    expect(portuguese[0]?.['Käfer motivo']).toMatch(/não é número/);
    const asked = await api.send(`/api/v1/uploads/${upload.id}`, { headers: { 'accept-language': 'pt' } });
    const { problems } = (await asked.json()) as Upload;
    expect(problems.find(({ code }) => code === 'key_missing')?.message).toMatch(/A chave está vazia/);

    // What was accepted is merged, and only that.
    const run = await api.runToDecision('p', [upload.id]);
    expect(run.merged).toEqual({ new: 7, updated: 0, unchanged: 0 });
    const keys = readCsv(await api.datasetCsv('p')).map(({ id }) => id);
    expect(keys.filter((id) => String(id) > 'K0009000')).toEqual(
      [0, 2, 4, 6, 8, 10, 11].map((index) => rows[index]?.['id']),
    );
    const last = readCsv(await api.datasetCsv('p')).at(-1);
    expect(last).toMatchObject({ id: rows[11]?.['id'], station: '77' });
  });

  test('files that cannot be used are refused with a reason, and the lake stays as it is', async () => {
    const { api, dataDir } = await serverWithProject();
    await api.learn('p', rowsOf({ count: 300 }));
    const before = await api.dataset('p');
    const rows = rowsOf({ count: 30, first: 501 });
    const cases: readonly [content: string | Uint8Array, code: string][] = [
      ['', 'empty_file'],
      [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x00, 0x00]), 'not_text'],
      [new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x00, 0x00]), 'unreadable'],
      [new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), 'old_workbook'],
      [Buffer.concat([Buffer.from(csvOf(rows)), Buffer.from([0x01, 0xe9])]), 'not_utf8'],
      [csvOf(rows.slice(0, 1)).split('\n')[0] + '\n', 'no_rows'],
      [csvOf(dropColumns(rows, ['failed'])), 'missing_target'],
      [csvOf(dropColumns(rows, ['id'])), 'missing_key'],
      [csvOf(rows).replace('torque', 'station'), 'duplicate_column'],
      [csvOf(rows).replace('torque', ''), 'unnamed_column'],
      [csvOf(rows).replace('torque', '_upload'), 'reserved_column'],
      [csvOf(rows.map((row) => ({ ...row, failed: 'perhaps' }))), 'all_rows_rejected'],
    ];
    for (const [content, code] of cases) {
      const response = await api.send('/api/v1/projects/p/uploads?filename=bad.csv', { csv: content });
      expect(response.status, code).toBe(201);
      const upload = Upload.parse(await response.json());
      expect(upload.status, code).toBe('invalid');
      expect(upload.problems[0], code).toMatchObject({ severity: 'error' });
      expect(
        upload.problems.map((problem) => problem.code),
        code,
      ).toContain(code);
      const refused = await api.refused('upload_not_usable', 409, '/api/v1/projects/p/runs', {
        json: { uploads: [upload.id] },
      });
      expect(refused.detail).toContain(upload.id);
    }
    expect(await api.dataset('p')).toEqual(before);
    expect((await api.project('p')).activeRun).toBeNull();
    expect(readdirSync(uploadsFolder(dataDir)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('packed files and JSON lines are read like the text they hold', async () => {
    const { api } = await serverWithProject();
    const rows = rowsOf({ count: 60 });
    const lines = rows.map((row) => JSON.stringify(row)).join('\n');
    const contents: readonly [content: string | Uint8Array, type: string, container: string][] = [
      [gzipSync(csvOf(rows)), 'application/gzip', 'gzip'],
      [lines, 'application/x-ndjson', 'json_lines'],
    ];
    for (const [csv, type, container] of contents) {
      const path = `/api/v1/projects/p/uploads?filename=rows.${container}`;
      const response = await api.send(path, { csv, headers: { 'content-type': type } });
      expect(response.status).toBe(201);
      expect(Upload.parse(await response.json())).toMatchObject({
        status: 'valid',
        dialect: { container },
        rows: { total: 60, new: 60, rejected: 0 },
      });
    }
  });

  test('a new column joins the table, a missing one stays empty, integers become numbers', async () => {
    const { api } = await serverWithProject();
    const first = rowsOf({ count: 400 });
    await api.learn('p', first);
    expect(columnsOf((await api.dataset('p')).columns)['station']).toBe('integer');
    const second: Row[] = dropColumns(rowsOf({ count: 100, first: 1001, seed: 2 }), ['reworked']).map(
      (row, index) => ({
        ...row,
        station: index === 0 ? 3.5 : (row['station'] ?? null),
        humidity: index,
      }),
    );
    const upload = await api.upload('p', second);
    expect(upload.status).toBe('valid');
    expect(upload.problems.map(({ code, column }) => [code, column])).toEqual(
      expect.arrayContaining([
        ['new_column', 'humidity'],
        ['missing_column', 'reworked'],
        ['type_widened', 'station'],
      ]),
    );
    const run = await api.runToDecision('p', [upload.id]);
    const { columns } = await api.dataset('p');
    expect(columnsOf(columns)).toMatchObject({ station: 'number', humidity: 'integer', reworked: 'boolean' });
    const table = readCsv(await api.datasetCsv('p'));
    expect(table).toHaveLength(500);
    expect(table[0]).toMatchObject({ id: first[0]?.['id'], humidity: '' });
    expect(Number(table[0]?.['station'])).toBe(first[0]?.['station']);
    expect(table[400]).toMatchObject({ id: second[0]?.['id'], station: '3.5', humidity: '0', reworked: '' });
    expect((await api.comparison(run.id)).current).not.toBeNull();
    expect(readCsv(await api.datasetCsv('p', 1))[0]).not.toHaveProperty('humidity');
  });

  test('the same file again is told, and changes nothing', async () => {
    const { api } = await serverWithProject();
    const rows = rowsOf({ count: 300 });
    await api.learn('p', rows);
    const again = await api.upload('p', rows);
    expect(again.problems.map(({ code }) => code)).toContain('sent_before');
    expect(again.rows).toMatchObject({ new: 0, updated: 0, unchanged: 300 });
    const before = await api.datasetCsv('p');
    const run = await api.runToDecision('p', [again.id]);
    expect(run.merged).toEqual({ new: 0, updated: 0, unchanged: 300 });
    expect(await api.datasetCsv('p')).toBe(before);
  });
});

describe('ways to send a file', () => {
  test('as a form, with a name in two languages and tricks in it', async () => {
    const { api } = await serverWithProject();
    const content = csvOf(rowsOf({ count: 50 }));
    const form = new FormData();
    form.append('file', new Blob([content], { type: 'text/csv' }), 'março – dados.csv');
    const upload = await api.call(Upload, 201, '/api/v1/projects/p/uploads', { form });
    expect(upload).toMatchObject({
      filename: 'março – dados.csv',
      bytes: Buffer.byteLength(content),
      status: 'valid',
    });
    const names: readonly [sent: string, shown: string][] = [
      ['../../../etc/passwd', 'passwd'],
      ['C:\\data\\janeiro.csv', 'janeiro.csv'],
      ['a\u0000b\nc.csv', 'abc.csv'],
      ['..', '..'],
      ['', 'upload.csv'],
    ];
    for (const [sent, shown] of names) expect((await api.upload('p', content, sent)).filename).toBe(shown);
    const empty = new FormData();
    empty.append('note', 'no file');
    await api.refused('invalid_request', 400, '/api/v1/projects/p/uploads', { form: empty });
    const wrong = await api.refused('unsupported_media_type', 415, '/api/v1/projects/p/uploads', {
      csv: '%PDF',
      headers: { 'content-type': 'application/pdf' },
    });
    expect(wrong.detail).toContain('application/pdf');
    await api.refused('unsupported_media_type', 415, '/api/v1/projects/p/uploads', { json: { rows: [] } });
  });

  test('is refused before a byte is read when the disk has too little space, and so is a run', async () => {
    const { api, dataDir } = await serverWithProject({ KAFER_MIN_FREE_MB: String(1 << 24) });
    const before = readdirSync(join(dataDir, 'lake/projects/p'), { recursive: true });
    await api.refused('disk_full', 507, '/api/v1/projects/p/uploads', { csv: 'id,failed\n1,yes\n' });
    await api.refused('disk_full', 507, '/api/v1/drafts', { csv: 'id,failed\n1,yes\n' });
    await api.refused('disk_full', 507, '/api/v1/projects/p/runs', { json: { uploads: [], mode: 'full' } });
    expect(readdirSync(join(dataDir, 'lake/projects/p'), { recursive: true })).toEqual(before);
  });

  test('a file over the limit is refused, raw and as a form, and nothing stays', async () => {
    const { api, dataDir } = await serverWithProject({ KAFER_UPLOAD_LIMIT_MB: '1' });
    const content = `id,x,failed\n${'k,1,yes\n'.repeat(200_000)}`;
    const path = '/api/v1/projects/p/uploads';
    const raw = await api.refused('upload_too_large', 413, path, { csv: content });
    expect(raw.detail).toContain('1 MB');
    const form = (): FormData => {
      const data = new FormData();
      data.append('file', new Blob([content], { type: 'text/csv' }), 'large.csv');
      return data;
    };
    await api.refused('upload_too_large', 413, path, { form: form() });
    await api.refused('upload_too_large', 413, '/api/v1/drafts', { csv: content });
    await api.refused('upload_too_large', 413, '/api/v1/drafts', { form: form() });
    expect(readdirSync(uploadsFolder(dataDir))).toEqual([]);
    expect(readdirSync(join(dataDir, 'scratch/drafts'))).toEqual([]);
    await api.learn('p', rowsOf({ count: 300 }));
    await api.refused('upload_too_large', 413, '/api/v1/projects/p/predictions.csv', { csv: content });
    await api.refused('upload_too_large', 413, '/api/v1/projects/p/predictions.csv', { form: form() });
    expect(readdirSync(join(dataDir, 'scratch/predictions'))).toEqual([]);
  });

  test.each(['text/csv', 'multipart/form-data; boundary=XX'])(
    'a client that goes away in the middle leaves nothing: %s',
    async (type) => {
      const { api, dataDir } = await serverWithProject();
      const sending = request(`${api.address}/api/v1/projects/p/uploads`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type, 'content-length': 10_000_000 },
      });
      sending.once('error', () => undefined);
      if (type.startsWith('multipart'))
        sending.write(
          '--XX\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n',
        );
      sending.write(csvOf(rowsOf({ count: 2000 })));
      const folder = uploadsFolder(dataDir);
      await until(() => readdirSync(folder).length === 1);
      sending.destroy();
      await until(() => readdirSync(folder).length === 0);
      expect(
        (await api.send('/api/v1/projects/p/uploads').then((answer) => answer.json())) as object,
      ).toEqual({
        items: [],
      });
      expect((await api.upload('p', rowsOf({ count: 20 }))).status).toBe('valid');
    },
  );

  test('discarding: only what is not merged and not in a run', async () => {
    const { api, dataDir } = await serverWithProject();
    const upload = await api.upload('p', rowsOf({ count: 300 }));
    const path = `/api/v1/uploads/${upload.id}`;
    const discarded = await api.call(Upload, 200, path, { method: 'DELETE' });
    expect(discarded.status).toBe('discarded');
    const left = readdirSync(join(uploadsFolder(dataDir), upload.id)).sort();
    expect(left).toEqual(['discarded.json', 'received.json']);
    expect((await api.call(Upload, 200, path, { method: 'DELETE' })).status).toBe('discarded');
    expect((await api.call(Upload, 200, path)).sha256).toBe(upload.sha256);
    await api.refused('upload_not_usable', 409, '/api/v1/projects/p/runs', {
      json: { uploads: [upload.id] },
    });
    await api.refused('rejected_rows_not_found', 404, `${path}/rejected.csv`);
    const used = await api.upload('p', rowsOf({ count: 300 }));
    const run = await api.runToDecision('p', [used.id]);
    await api.refused('upload_in_use', 409, `/api/v1/uploads/${used.id}`, { method: 'DELETE' });
    await api.cancel(run.id);
    await api.refused('upload_in_use', 409, `/api/v1/uploads/${used.id}`, { method: 'DELETE' });
  });

  test('a draft becomes a project and its first upload', async () => {
    const { api } = await startedServer();
    const content = csvOf(rowsOf({ count: 300 }));
    const draft = await api.call(Draft, 201, '/api/v1/drafts?filename=teste_de_estrada.csv', {
      csv: content,
    });
    expect(draft).toMatchObject({ rows: 300, bytes: Buffer.byteLength(content), problems: [] });
    expect(draft.suggestions.name).toBe('teste de estrada');
    expect(draft.suggestions.keys[0]).toBe('id');
    expect(draft.suggestions.targets.map(({ column }) => column)).toContain('failed');
    expect(draft.suggestions.dates).toContain('built');
    await api.createProject(creation);
    const path = `/api/v1/projects/p/uploads/draft/${draft.id}`;
    const upload = await api.call(Upload, 201, path, { method: 'POST' });
    expect(upload).toMatchObject({ filename: 'teste_de_estrada.csv', status: 'valid', rows: { new: 300 } });
    expect(upload.id).not.toBe(draft.id);
    await api.refused('draft_not_found', 404, path, { method: 'POST' });
    await api.refused('draft_not_found', 404, `/api/v1/projects/p/uploads/draft/draft-${'0'.repeat(18)}`, {
      method: 'POST',
    });
    await api.refused('invalid_request', 400, '/api/v1/projects/p/uploads/draft/..%2F..', { method: 'POST' });
    await api.refused('sample_not_found', 404, '/api/v1/projects/p/uploads/sample', { method: 'POST' });
    await api.runToDecision('p', [upload.id]);
  });

  test('a draft is read once more as a person says, and so are the files of the project that it becomes', async () => {
    const { api } = await startedServer();
    const rows = Array.from(
      { length: 120 },
      (_, i) => `${i},1.${100 + i},0${1 + (i % 9)}/02/2026,${i % 2 ? 'yes' : 'no'}`,
    );
    const content = `Report of the night\nid,weight,built,failed\n${rows.join('\n')}\n`;
    const draft = await api.call(Draft, 201, '/api/v1/drafts?filename=night.csv', { csv: content });
    const typeOf = (of: { columns: { name: string; type: string }[] }) =>
      Object.fromEntries(of.columns.map(({ name, type }) => [name, type]));
    const codes = draft.problems.map(({ code }) => code);
    expect(codes).toContain('ambiguous_date');
    const path = `/api/v1/drafts/${draft.id}/reading`;
    const reading: Reading = { headerLine: 2, decimal: 'comma', dates: 'month_first', asText: ['id'] };
    const again = await api.call(Draft, 200, path, { json: reading });
    expect(again).toMatchObject({ id: draft.id, filename: 'night.csv', rows: 120 });
    expect(typeOf(again)).toMatchObject({ id: 'text', weight: 'integer', built: 'date', failed: 'boolean' });
    expect(again.problems.map(({ code }) => code)).not.toContain('ambiguous_date');
    expect(again.dialect).toMatchObject({
      headerLine: 2,
      remembered: expect.arrayContaining(['dates', 'asText']) as unknown,
    });
    await api.refused('invalid_request', 400, path, { json: { dates: 'year_first' } });
    await api.refused('draft_not_found', 404, `/api/v1/drafts/draft-${'0'.repeat(18)}/reading`, {
      json: reading,
    });
    await api.createProject({ ...creation, reading });
    const upload = await api.call(Upload, 201, `/api/v1/projects/p/uploads/draft/${draft.id}`, {
      method: 'POST',
    });
    expect(upload).toMatchObject({ status: 'valid', rows: { new: 120 } });
    // The target is a text whatever it looks like.
    expect(typeOf(upload)).toEqual({ ...typeOf(again), failed: 'text' });
  });
});
