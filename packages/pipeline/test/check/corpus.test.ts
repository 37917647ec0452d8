import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { StoredProblem } from '@kaefer/contracts';
import type { RejectedRow } from '../../src/check/report.ts';
import { UploadFolder } from '../../src/lake/layout.ts';
import { quoteText } from '../../src/sql/quote.ts';
import { rowsOf, testFolder, withFreshConnection, writeFileIn } from '../workspace.ts';
import { checkFirstFile, type ProjectFacts } from './check-first-file.ts';

const corpus = fileURLToPath(new URL('../check-corpus/', import.meta.url));

/** What lies beside a file: what the project expects of it, and what the check must find. */
interface Case {
  /** Why it is here. */
  readonly about: string;
  readonly project: ProjectFacts;
  readonly expected: {
    readonly status: 'valid' | 'invalid';
    readonly delimiter?: string;
    readonly lineEnd?: string;
    readonly encoding?: string;
    readonly container?: string;
    readonly sheet?: string;
    readonly escape?: string;
    readonly decimal?: string;
    /** `name: format` of the columns that are not written plainly. */
    readonly formats?: Readonly<Record<string, string>>;
    /** `name: type`, in order. */
    readonly columns?: Readonly<Record<string, string>>;
    readonly rows?: Readonly<Record<string, number>>;
    readonly classes?: readonly string[];
    /** Of each problem the parts named here, in order; no problem may be missing or more. */
    readonly problems?: readonly Partial<StoredProblem>[];
    /** Of each rejected row its line and the reasons' codes. */
    readonly rejected?: readonly (readonly [line: number, ...codes: string[]])[];
    /** The rows that would be merged, as text. */
    readonly staged?: readonly Readonly<Record<string, string | null>>[];
  };
}

const names = readdirSync(corpus)
  .filter((name) => name.endsWith('.expected.json'))
  .map((name) => name.replace(/\.expected\.json$/, ''))
  .sort();

/** The files by their names without what follows the first dot. */
const files = new Map(
  readdirSync(corpus)
    .filter((name) => !/\.(json|py)$/.test(name))
    .map((name) => [name.split('.')[0] ?? '', name]),
);

describe('files as people send them', () => {
  test('every file has its expectations and every expectation its file', () => {
    expect([...files.keys()].sort()).toEqual(names);
    expect(names.length).toBeGreaterThanOrEqual(60);
  });

  for (const name of names) {
    const { about, project, expected } = JSON.parse(
      readFileSync(join(corpus, `${name}.expected.json`), 'utf8'),
    ) as Case;
    test(`${name}: ${about}`, async () => {
      const folder = new UploadFolder(testFolder());
      writeFileIn(folder.path, 'received.csv', readFileSync(join(corpus, files.get(name) ?? name)));
      const report = await checkFirstFile(folder, project);
      const found = {
        status: report.status,
        delimiter: report.dialect?.delimiter,
        lineEnd: report.dialect?.lineEnd,
        encoding: report.dialect?.encoding,
        container: report.dialect?.container,
        sheet: report.dialect?.sheet,
        escape: report.dialect?.escape,
        decimal: report.dialect?.decimal,
        formats: Object.fromEntries(
          report.columns.flatMap(({ name, format }) => (format === 'plain' ? [] : [[name, format]])),
        ),
        columns: Object.fromEntries(report.columns.map((column) => [column.name, column.type])),
        rows: report.rows,
        classes: report.classes,
        problems: report.problems.map((problem, index) =>
          pick(problem, Object.keys(expected.problems?.[index] ?? problem)),
        ),
        rejected: readRejected(folder).map(({ line, reasons }) => [line, ...reasons.map(({ code }) => code)]),
        staged: await readStaged(folder),
      };
      expect(pick(found, Object.keys(expected))).toEqual(expected);
      expect(report.status === 'valid').toBe(existsSync(folder.staged));
      const { total, new: added, updated, unchanged, rejected } = report.rows;
      if (report.status === 'valid') expect(added + updated + unchanged + rejected).toBe(total);
    });
  }
});

function pick(object: object, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key)));
}

function readRejected(folder: UploadFolder): RejectedRow[] {
  if (!existsSync(folder.rejected)) return [];
  const lines = readFileSync(folder.rejected, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as RejectedRow);
}

async function readStaged(folder: UploadFolder): Promise<unknown[]> {
  if (!existsSync(folder.staged)) return [];
  return withFreshConnection((connection) =>
    rowsOf(
      connection,
      `SELECT COLUMNS(c -> c NOT IN ('_rejected', '_row'))::VARCHAR FROM read_parquet(${quoteText(folder.staged)}) WHERE NOT _rejected`,
    ),
  );
}
