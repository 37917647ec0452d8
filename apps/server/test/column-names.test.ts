import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PredictionAnswer, UndoAnswer, UndoPlan } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { randomStream } from './support/rows.ts';
import { startedServer } from './support/started-server.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Every name that the program's own SQL gives to something: a column of a user may have any of them. */
function namesInSql(): string[] {
  const sources = ['packages/pipeline/src', 'packages/deltalake/src', 'apps/server/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(root, folder, name), 'utf8')),
  );
  const found = sources.flatMap((text) =>
    [...text.matchAll(/ AS ([a-z][a-z_0-9]*)\b|\) ([a-z])(?= |`|\b ON)/g)].map(
      ([, alias, table]) => alias ?? table,
    ),
  );
  return [...new Set(found.filter((name) => name !== undefined))]
    .filter((name) => name !== 'file_row_number')
    .sort();
}

test.each([
  { key: 'id', target: 'failed' },
  { key: 'v', target: 'n' },
  { key: 'key', target: 'label' },
  { key: 'o', target: 'value' },
])(
  'columns may be called what the program calls its own: key $key, target $target',
  async ({ key, target }) => {
    const { api } = await startedServer();
    const names = namesInSql().filter((name) => name !== key && name !== target);
    expect(names.length).toBeGreaterThan(60);
    const random = randomStream(7);
    const pick = (limit: number): number => Math.floor(random() * limit);
    const rowsOf = (first: number, count: number, letters: string) =>
      Array.from({ length: count }, (_, row) => {
        const cells = names.map((_, place) => {
          if (place % 3 === 0) return String(pick(1000));
          if (place % 3 === 1) return `${letters[pick(letters.length)]}-${place}`;
          return `2026-${String(1 + pick(12)).padStart(2, '0')}-10`;
        });
        return [`K${first + row}`, ...cells, pick(4) === 0 ? 'yes' : 'no'].join(',');
      });
    const fileOf = (rows: readonly string[]): string =>
      [[key, ...names, target].join(','), ...rows].join('\n');
    await api.createProject({
      name: 'p',
      task: 'binary',
      target,
      positive: 'yes',
      key,
      training: { rounds: 5, maxDepth: 2, earlyStoppingRounds: 0 },
    });
    const before = await api.upload('p', fileOf(rowsOf(0, 400, 'abc')));
    expect(before.status, JSON.stringify(before.problems)).toBe('valid');
    await api.decide((await api.runToDecision('p', [before.id])).id, 'candidate');
    const rows = rowsOf(300, 300, 'abcd');
    // A line that is no row, so that later ones are not on the lines that they seem to be.
    const after = await api.upload('p', fileOf([...rows.slice(0, 9), 'K9999,1', ...rows.slice(9)]));
    expect(after.status, JSON.stringify(after.problems)).toBe('valid');
    expect(after.rows).toMatchObject({ new: 200, updated: 100, rejected: 1 });
    const run = await api.runToDecision('p', [after.id], 'incremental');
    expect((await api.comparison(run.id)).audit.overlap).toBe(0);
    await api.decide(run.id, 'candidate');
    const cells = rows[0]?.split(',') ?? [];
    const record = Object.fromEntries(names.map((name, place) => [name, cells[place + 1] ?? null]));
    const answer = await api.call(PredictionAnswer, 200, '/api/v1/projects/p/predictions', {
      json: { rows: [record], explain: true },
    });
    expect(answer.model).toBe(2);
    const scored = await api.text('/api/v1/projects/p/predictions.csv', { csv: fileOf(rows) });
    expect(scored.trim().split('\n')).toHaveLength(301);
    // A column given twice, of which nobody could say which is meant, and a quotation mark that begins in the middle.
    const predictions = '/api/v1/projects/p/predictions.csv';
    const [feature = ''] = names;
    const twice = fileOf(rows)
      .split('\n')
      .map((line, place) => `${line},${place === 0 ? feature.toUpperCase() : '7'}`)
      .join('\n');
    expect((await api.refused('csv_not_readable', 400, predictions, { csv: twice })).detail).toContain(
      feature,
    );
    const [header = '', first = ''] = fileOf(rows).split('\n');
    const lone = [header, first.replace(',', 'x"y,')].join('\n');
    await api.refused('csv_not_readable', 400, predictions, { csv: lone });
    for (const path of ['dataset/2/changes', 'dataset.csv', 'records?key=K310', 'dataset']) {
      const response = await api.send(`/api/v1/projects/p/${path}`);
      expect(response.status, `${path}: ${await response.text()}`).toBe(200);
    }
    const undo = `/api/v1/uploads/${after.id}/undo`;
    expect(await api.call(UndoPlan, 200, undo)).toMatchObject({ removed: 200 });
    expect(await api.call(UndoAnswer, 200, undo, { method: 'POST' })).toMatchObject({ version: 3 });
  },
);
