import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partOf, partSql, type Split } from '../../src/features/split.ts';
import { textRelation } from '../../src/sql/connection.ts';
import { rowsOf, testConnection } from '../workspace.ts';

const connection = await testConnection();

async function partsBySql(split: Split, keys: readonly string[]): Promise<string[]> {
  const rows = await rowsOf(connection, `SELECT ${partSql(split, 'v')} AS part FROM ${textRelation(keys)}`);
  return rows.map(({ part }) => String(part));
}

const anyKey = fc.oneof(
  fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
  fc.constantFrom('', "'", '"', "''; --", ' a ', '\n', 'é', '👩‍🚀', '00042', '\u{1F600}'),
);
const share = fc.oneof(fc.constantFrom(0, 1, 0.2, 0.5), fc.double({ min: 0, max: 1, noNaN: true }));

describe('split', () => {
  test('TypeScript and SQL give every key the same part', async () => {
    const cases = fc.record({
      keys: fc.array(anyKey, { minLength: 1, maxLength: 50 }),
      split: fc.record({ salt: anyKey, holdoutShare: share, validationShare: share }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ keys, split }) => {
        expect(await partsBySql(split, keys)).toEqual(keys.map((key) => partOf(split, key)));
      }),
      { numRuns: 150 },
    );
  });

  test('shares are what they are said to be', () => {
    const split = { salt: 's', holdoutShare: 0.2, validationShare: 0.25 };
    const counts = { holdout: 0, validation: 0, training: 0 };
    const keys = 40_000;
    for (let key = 0; key < keys; key++) counts[partOf(split, `key ${key}`)]++;
    // Five standard deviations of a binomial share.
    const near = (expected: number) => 5 * Math.sqrt((expected * (1 - expected)) / keys);
    expect(Math.abs(counts.holdout / keys - 0.2)).toBeLessThan(near(0.2));
    expect(Math.abs(counts.validation / keys - 0.2)).toBeLessThan(near(0.2));
    expect(Math.abs(counts.training / keys - 0.6)).toBeLessThan(near(0.6));
  });

  test('shares of 0 and 1 take no row and every row', () => {
    const keys = Array.from({ length: 500 }, (_, index) => `k${index}`);
    const parts = (holdoutShare: number, validationShare: number) =>
      new Set(keys.map((key) => partOf({ salt: '', holdoutShare, validationShare }, key)));
    expect([...parts(0, 0)]).toEqual(['training']);
    expect([...parts(1, 0.5)]).toEqual(['holdout']);
    expect([...parts(0, 1)]).toEqual(['validation']);
  });

  test('a row is in the holdout exactly when its fraction of 2^32 is below the share', () => {
    fc.assert(
      fc.property(anyKey, share, (key, holdoutShare) => {
        const digest = createHash('md5').update(`salt${key}`).digest();
        const inHoldout = partOf({ salt: 'salt', holdoutShare, validationShare: 0 }, key) === 'holdout';
        expect(inHoldout).toBe(digest.readUInt32BE(0) / 2 ** 32 < holdoutShare);
      }),
    );
  });

  test('a part depends on the key and the salt alone, and a larger share keeps every row it had', () => {
    fc.assert(
      fc.property(anyKey, share, share, (key, a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a];
        const at = (holdoutShare: number) => partOf({ salt: 's', holdoutShare, validationShare: 0.2 }, key);
        expect(at(small)).toBe(at(small));
        if (at(small) === 'holdout') expect(at(large)).toBe('holdout');
      }),
    );
  });
});
