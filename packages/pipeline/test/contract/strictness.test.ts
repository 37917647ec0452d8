import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { contractRules, ruleNames, type RuleAction, type RuleName } from '@kaefer/contracts';
import type { CheckReport } from '../../src/check/report.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { rowsOf, testFolder, withFreshConnection } from '../workspace.ts';
import { contractFrom, type ColumnFacts } from './contract-project.ts';
import { TestProject } from '../project.ts';

const columns: readonly ColumnFacts[] = [
  { name: 'id', type: 'text' },
  { name: 'n', type: 'integer', required: true, min: 0, max: 9 },
  { name: 'shop', type: 'text', allowed: ['north', 'south'] },
  { name: 'code', type: 'text', unique: true },
  { name: 'y', type: 'text' },
];

/** Cells of which some are at fault in one way or another. */
const row = fc.record({
  id: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', ''),
  n: fc.constantFrom('1', '2', '12', '', '1.5', 'five', '05'),
  shop: fc.constantFrom('north', 'south', 'east', ''),
  code: fc.constantFrom('c1', 'c2', 'c3', ''),
  y: fc.constantFrom('a', 'b', '', 'c'),
});
const rules = fc
  .record(
    Object.fromEntries(
      ruleNames.map((name) => [name, fc.constantFrom(...contractRules[name].actions)]),
    ) as Record<RuleName, fc.Arbitrary<RuleAction>>,
  )
  // Most files would be refused for one reason or another; so that rows are compared, few rules refuse them.
  .chain((all) =>
    fc
      .array(fc.constantFrom(...ruleNames), { maxLength: 2 })
      .map((strict) =>
        Object.fromEntries(
          Object.entries(all).map(([name, action]) => [
            name,
            action === 'reject_file' && !strict.includes(name as RuleName)
              ? contractRules[name as RuleName].byDefault
              : action,
          ]),
        ),
      ),
  );

interface Outcome {
  readonly report: CheckReport;
  /** The rows that would be merged, as text. */
  readonly taken: readonly string[];
}

async function outcomeOf(file: string, choices: Record<string, RuleAction>): Promise<Outcome> {
  const contract = contractFrom({ columns, rules: choices });
  const project = new TestProject(testFolder(), {
    task: 'binary',
    target: 'y',
    key: 'id',
    classes: ['a', 'b'],
    contract: { version: 1, isInferred: false, contract },
  });
  project.classes = ['a', 'b'];
  const report = await project.check('u1', file);
  const { staged, report: path } = project.folder.upload('u1');
  expect(existsSync(path) && readFileSync(path, 'utf8').length).toBeGreaterThan(0);
  if (report.status === 'invalid') return { report, taken: [] };
  const rows = await withFreshConnection((connection) =>
    rowsOf(
      connection,
      `SELECT id, n::DOUBLE AS n, shop, code, y FROM read_parquet(${quoteText(staged)}) WHERE NOT _rejected`,
    ),
  );
  return { report, taken: rows.map((taken) => JSON.stringify(taken)) };
}

describe('a stricter choice', () => {
  test('never lets a row in that a looser one keeps out, and never says less', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        rules,
        fc.constantFrom(...ruleNames),
        async (cells, choices, name) => {
          // A cell that cannot be read keeps its row out before keys and other values are compared, so that it contradicts
          // no other row: where that is what differs, no row may repeat another's.
          const isReading = (['leading_zeros', 'type_changed', 'wrong_type'] as RuleName[]).includes(name);
          const isFirst = (column: 'id' | 'code', value: string, place: number): boolean =>
            cells.findIndex((other) => other[column] === value) === place;
          const kept = cells.filter(
            ({ id, code }, place) =>
              !isReading || (isFirst('id', id, place) && (code === '' || isFirst('code', code, place))),
          );
          const file = ['id,n,shop,code,y', ...kept.map((record) => Object.values(record).join(','))].join(
            '\n',
          );
          const outcomes: Outcome[] = [];
          for (const action of contractRules[name].actions)
            outcomes.push(await outcomeOf(file, { ...choices, [name]: action }));
          outcomes.slice(1).forEach((looser, index) => {
            const stricter = outcomes[index] as Outcome;
            // A key that repeats lets an earlier row in where a later one is kept out; so keys are counted, not rows.
            const keysOf = ({ taken }: Outcome) =>
              taken.map((text) => (JSON.parse(text) as { id: string }).id);
            expect(keysOf(looser)).toEqual(expect.arrayContaining(keysOf(stricter)));
            expect(stricter.taken.length).toBeLessThanOrEqual(looser.taken.length);
            if (looser.report.status === 'invalid') expect(stricter.report.status).toBe('invalid');
          });
          for (const { report, taken } of outcomes) {
            const { new: added, updated, unchanged, rejected, total } = report.rows;
            if (report.status === 'invalid') continue;
            expect(added + updated + unchanged + rejected).toBe(total);
            expect(taken.length).toBe(total - rejected);
          }
        },
      ),
      { numRuns: 20 },
    );
  }, 0);
});
