import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Upload, UploadBatch } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readCsv } from './support/read-csv.ts';
import { csvOf, dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { quickTraining, startedServer, type StartedServer } from './support/started-server.ts';

const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);
const path = '/api/v1/projects/p/uploads';

async function serverWithProject(settings: Parameters<typeof startedServer>[0] = {}): Promise<StartedServer> {
  const started = await startedServer(settings);
  const target = { task: 'binary', target: 'failed', positive: 'yes', key: 'id' } as const;
  await started.api.createProject({ name: 'p', training: quickTraining, ...target });
  return started;
}

function formOf(files: readonly (readonly [name: string, content: string])[]): FormData {
  const form = new FormData();
  for (const [name, content] of files) form.append('file', new Blob([content], { type: 'text/csv' }), name);
  return form;
}

test('each file of a form is an upload of its own; a bad one hides no other; one run takes them in order', async () => {
  const { api, dataDir } = await serverWithProject({ KAFER_UPLOAD_LIMIT_MB: '1' });
  const rows = rowsOf({ count: 300 });
  const corrected: Row[] = rows.slice(0, 20).map((row) => ({ ...row, station: 777 }));
  const { items } = await api.call(UploadBatch, 207, path, {
    form: formOf([
      ['first.csv', csvOf(rows)],
      ['no target.csv', 'a,b\n1,2\n'],
      ['huge.csv', `id,x,failed\n${'k,1,yes\n'.repeat(200_000)}`],
      ['again.csv', csvOf(corrected)],
    ]),
  });
  expect(items.map(({ filename, upload, error }) => [filename, upload?.status, error?.code])).toEqual([
    ['first.csv', 'valid', undefined],
    ['no target.csv', 'invalid', undefined],
    ['huge.csv', undefined, 'upload_too_large'],
    ['again.csv', 'valid', undefined],
  ]);
  const taken = items.flatMap(({ upload }) => upload?.id ?? []);
  expect(readdirSync(join(dataDir, 'lake/projects/p/uploads')).sort()).toEqual([...taken].sort());
  const listed = await api.call(z.object({ items: z.array(Upload) }), 200, path);
  expect(listed.items.map(({ id }) => id)).toEqual([...taken].reverse());

  const [first = '', , again = ''] = taken;
  const run = await api.runToDecision('p', [first, again]);
  expect(run.merged).toEqual({ new: 300, updated: 20, unchanged: 0 });
  const stations = readCsv(await api.datasetCsv('p')).map(({ id, station }) => [id, station]);
  expect(Object.fromEntries(stations)).toMatchObject(
    Object.fromEntries(corrected.map(({ id }) => [id, '777'])),
  );
});

test('a form of one file is answered like the file alone, and a refused one is refused', async () => {
  const { api } = await serverWithProject();
  const form = formOf([['only.csv', csvOf(rowsOf({ count: 20 }))]]);
  expect(await api.call(Upload, 201, path, { form })).toMatchObject({
    filename: 'only.csv',
    status: 'valid',
  });
  const named = formOf([['blob', csvOf(rowsOf({ count: 20 }))]]);
  expect((await api.call(Upload, 201, `${path}?filename=said.csv`, { form: named })).filename).toBe(
    'said.csv',
  );
});

test('a form of more files than one run takes: those before the limit are there; what waits is always listed', async () => {
  const { api } = await serverWithProject();
  const waiting = await api.upload('p', rowsOf({ count: 5 }), 'waiting.csv');
  const form = formOf(Array.from({ length: 101 }, (_, index) => [`${index}.csv`, ''] as const));
  const { items } = await api.call(UploadBatch, 207, path, { form });
  expect(items).toHaveLength(101);
  expect(items.at(-1)).toMatchObject({ filename: null, upload: null, error: { code: 'too_many_files' } });
  expect(items[99]).toMatchObject({ filename: '99.csv', upload: { status: 'invalid' } });
  for (const id of items.flatMap(({ upload }) => upload?.id ?? []))
    await api.call(Upload, 200, `/api/v1/uploads/${id}`, { method: 'DELETE' });
  const listed = await api.call(z.object({ items: z.array(Upload) }), 200, path);
  expect(listed.items).toHaveLength(101);
  expect(listed.items.at(-1)?.id).toBe(waiting.id);
});

test('files that were checked before there was data are merged together only where their columns are of one kind', async () => {
  const { api } = await serverWithProject();
  const file = (kind: (row: number) => string, first: number): string =>
    [
      'id,width,note,failed',
      ...Array.from(
        { length: 200 },
        (_, row) => `K${first + row},${kind(row)},,${row % 3 === 0 ? 'yes' : 'no'}`,
      ),
    ].join('\n');
  const numbers = await api.upload(
    'p',
    file((row) => String(row % 50), 0),
    'numbers.csv',
  );
  const nothing = await api.upload(
    'p',
    file(() => '', 200),
    'nothing.csv',
  );
  const dates = await api.upload(
    'p',
    file((row) => `2026-01-${10 + (row % 20)}`, 400),
    'dates.csv',
  );
  for (const { status } of [numbers, nothing, dates]) expect(status).toBe('valid');
  const start = (...uploads: readonly string[]) => ({ json: { uploads, mode: 'full' } });
  const runs = '/api/v1/projects/p/runs';
  const refused = await api.refused('upload_outdated', 409, runs, start(numbers.id, dates.id));
  expect(refused.detail).toContain('dates.csv');
  expect(refused.detail).toContain('width');
  // A column without a value is of any kind.
  const run = await api.runToDecision('p', [numbers.id, nothing.id]);
  expect(run.merged).toEqual({ new: 400, updated: 0, unchanged: 0 });
  await api.decide(run.id, 'candidate');
  const { columns } = await api.dataset('p');
  expect(columns.find(({ name }) => name === 'width')?.type).toBe('integer');
  await api.refused('upload_outdated', 409, runs, start(dates.id));
  expect((await api.dataset('p')).version).toBe(2);
  // Sent again it is checked against the data, and found wanting.
  expect(
    (
      await api.upload(
        'p',
        file((row) => `2026-01-${10 + (row % 20)}`, 400),
      )
    ).status,
  ).toBe('invalid');
});
