import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { scanSql } from '@kaefer/deltalake';
import { describe, expect, test } from 'vitest';
import { findCurrentTable } from '../src/lake/project-table.ts';
import { planUndo, undoUpload, type UndoResult } from '../src/merge/undo-upload.ts';
import { csvOf, TestProject } from './project.ts';
import { rowsOf, testConnection, testFolder, withFreshConnection } from './workspace.ts';

const connection = await testConnection();
const keyed = (path: string) => new TestProject(path, { task: 'binary', target: 'y', key: 'id' });

const undo = (project: TestProject, id: string): Promise<UndoResult> =>
  withFreshConnection((own) =>
    undoUpload(own, project.folder, id, `${id}.csv`, project.expectations.key, 'tester'),
  );
const plan = (project: TestProject, id: string) =>
  planUndo(connection, project.folder, id, project.expectations.key);

/** Each row as `id: n, upload it is from`, by id. */
async function rows(project: TestProject): Promise<string[]> {
  const current = await findCurrentTable(project.folder.table);
  if (current === undefined) return [];
  const found = await rowsOf(connection, scanSql(current.table, current.snapshot));
  return found.map(({ id, n, _upload }) => `${String(id)}: ${String(n)}, ${String(_upload)}`).sort();
}

const file = (...lines: (readonly [string, number])[]): string =>
  csvOf(lines.map(([id, n], place) => ({ id, n, y: place % 2 === 0 ? 'a' : 'b' })));

describe('undoing an upload', () => {
  test('added rows go, changed ones are as before, what a later file changed or found the same stays', async () => {
    const project = keyed(testFolder());
    await project.add('u1', file(['k1', 1], ['k2', 1], ['k3', 1], ['k4', 1]));
    await project.add('u2', file(['k1', 2], ['k2', 2], ['k5', 2], ['k6', 2], ['k7', 2], ['k8', 2]));
    await project.add('u3', file(['k8', 3], ['k2', 3], ['k5', 2], ['k9', 3]));
    const counts = { removed: 2, restored: 1, kept: 3 };
    expect(await plan(project, 'u2')).toEqual(counts);
    expect(await undo(project, 'u2')).toEqual({ version: 4, ...counts });
    const expected = [
      'k1: 1, u1',
      'k2: 3, u3',
      'k3: 1, u1',
      'k4: 1, u1',
      'k5: 2, u3',
      'k8: 3, u3',
      'k9: 3, u3',
    ];
    expect(await rows(project)).toEqual(expected);
    await expect(undo(project, 'u2')).rejects.toMatchObject({ code: 'nothing_to_undo' });
    await expect(plan(project, 'nobody')).rejects.toMatchObject({ code: 'nothing_to_undo' });
    expect(await rows(project)).toEqual(expected);
  });

  test('what is before an upload that was undone itself is what comes back', async () => {
    const project = keyed(testFolder());
    await project.add('u1', file(['k1', 1], ['k2', 1]));
    await project.add('u2', file(['k1', 2], ['k3', 2]));
    await project.add('u3', file(['k1', 3], ['k3', 3]));
    expect(await undo(project, 'u2').catch((error: unknown) => error)).toMatchObject({
      code: 'nothing_to_undo',
    });
    expect(await undo(project, 'u3')).toMatchObject({ removed: 0, restored: 2 });
    expect(await undo(project, 'u2')).toMatchObject({ removed: 1, restored: 1 });
    expect(await rows(project)).toEqual(['k1: 1, u1', 'k2: 1, u1']);
  });

  test('a restored version brings an upload back, and it can be undone again', async () => {
    const project = keyed(testFolder());
    await project.add('u1', file(['k1', 1], ['k2', 1]));
    await project.add('u2', file(['k1', 2], ['k3', 2]));
    await undo(project, 'u2');
    const { table } = (await findCurrentTable(project.folder.table))!;
    await table.restore(2);
    expect(await rows(project)).toEqual(['k1: 2, u2', 'k2: 1, u1', 'k3: 2, u2']);
    expect(await undo(project, 'u2')).toEqual({ version: 5, removed: 1, restored: 1, kept: 0 });
    expect(await rows(project)).toEqual(['k1: 1, u1', 'k2: 1, u1']);
  });

  test('without a key its rows go', async () => {
    const project = new TestProject(testFolder(), { task: 'binary', target: 'y' });
    await project.add('u1', file(['k1', 1], ['k2', 1]));
    await project.add('u2', file(['k1', 1], ['k2', 1], ['k3', 1]));
    expect(await undo(project, 'u1')).toEqual({ version: 3, removed: 2, restored: 0, kept: 0 });
    expect(await rows(project)).toEqual(['k1: 1, u2', 'k2: 1, u2', 'k3: 1, u2']);
  });

  test('a column that only the upload brought stays, empty', async () => {
    const project = keyed(testFolder());
    await project.add('u1', file(['k1', 1], ['k2', 1]));
    await project.add('u2', 'id,n,y,extra\nk1,1,a,7\nk3,2,b,8\n');
    await undo(project, 'u2');
    const current = (await findCurrentTable(project.folder.table))!;
    const found = await rowsOf(connection, scanSql(current.table, current.snapshot));
    expect(found.map(({ id, extra }) => [id, extra]).sort()).toEqual([
      ['k1', null],
      ['k2', null],
    ]);
  });

  test('when files of the version before are gone nothing changes, and the reason is said', async () => {
    const project = keyed(testFolder());
    await project.add('u1', file(['k1', 1], ['k2', 1]));
    const [first] = (await findCurrentTable(project.folder.table))!.snapshot.files;
    await project.add('u2', file(['k1', 2], ['k2', 2]));
    rmSync(join(project.folder.table, first!.path));
    await expect(undo(project, 'u2')).rejects.toMatchObject({ code: 'version_vacuumed' });
    expect(await rows(project)).toEqual(['k1: 2, u2', 'k2: 2, u2']);
  });
});

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      rows: fc.dictionary(fc.constantFrom('k1', 'k2', 'k3', 'k4'), fc.integer({ min: 1, max: 2 }), {
        minKeys: 2,
      }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ undo: fc.nat({ max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ restore: fc.nat({ max: 8 }) }) },
);

test('after any files, undoings and restored versions the data is what the files that are left make', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), fc.boolean(), async (steps, marks) => {
      const project = keyed(testFolder());
      await project.add('u0', file(['z1', 0], ['z2', 0]));
      const files = [{ id: 'u0', rows: { z1: 0, z2: 0 } as Record<string, number> }];
      /** For each version the places of the files that are in it. */
      const inVersion: number[][] = [[], [0]];
      if (marks) {
        await (await findCurrentTable(project.folder.table))!.table.enableDeletionVectors();
        inVersion.push([0]);
      }
      for (const next of steps) {
        const present = inVersion.at(-1)!;
        if ('rows' in next) {
          const place = files.length;
          files.push({ id: `u${place}`, rows: next.rows });
          await project.add(`u${place}`, file(...Object.entries(next.rows)));
          inVersion.push([...present, place]);
        } else if ('undo' in next) {
          const place = next.undo % files.length;
          const done = await undo(project, `u${place}`).catch(() => undefined);
          // An upload without a row of its own has nothing to undo, and stays.
          if (done !== undefined) inVersion.push(present.filter((other) => other !== place));
        } else {
          const version = next.restore % inVersion.length;
          if (version === 0) continue;
          await (await findCurrentTable(project.folder.table))!.table.restore(version);
          inVersion.push([...inVersion[version]!]);
        }
        const expected = new Map<string, number>();
        for (const place of inVersion.at(-1)!)
          for (const [id, n] of Object.entries(files[place]!.rows)) expected.set(id, n);
        const found = (await rows(project)).map((row) => row.split(',')[0]);
        expect(found).toEqual([...expected].map(([id, n]) => `${id}: ${n}`).sort());
      }
    }),
    { numRuns: 25 },
  );
});
