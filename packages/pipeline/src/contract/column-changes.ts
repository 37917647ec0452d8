import type { ColumnType } from '@kaefer/contracts';
import { actionOf, stricterAction, type StoredProblem } from '@kaefer/contracts/messages';
import type { TableColumn } from '../lake/column-types.ts';
import type { Expectations } from '../state/expectations.ts';
import { foldName } from '../understand/known-spelling.ts';
import { agreedOn, goTogether } from './column-rules.ts';

/** Names that share so much of their pairs of letters may be one name, written otherwise (Dice). */
const likeness = 0.6;

/** Columns of the file that nobody knows, columns that it lacks, and pairs of the two that may be one column renamed. */
export function columnChanges(
  given: readonly TableColumn[],
  table: readonly TableColumn[],
  expectations: Expectations,
): StoredProblem[] {
  const contract = expectations.contract?.contract;
  const known = new Map<string, ColumnType>([
    ...(contract?.columns ?? []).map(({ name, type }) => [name, type] as const),
    ...table.map(({ name, type }) => [name, type] as const),
  ]);
  if (known.size === 0) return [];
  const names = new Set(given.map(({ name }) => name));
  const unknown = given.filter(({ name }) => !known.has(name));
  const absent = [...known].filter(([name]) => !names.has(name)).map(([name, type]) => ({ name, type }));
  return [
    ...unknown.map(({ name }) => about('new_column', name)),
    ...absent.map(({ name }) => {
      const isNeeded = agreedOn(contract, name)?.required === true;
      // A column that each row must have is not less asked for because no row has it.
      const action = isNeeded
        ? stricterAction(
            actionOf(contract, 'missing_value', name),
            actionOf(contract, 'missing_column', name),
          )
        : 'warn';
      const isRefused = action === 'reject_file' || action === 'reject_rows';
      return { ...about('missing_column', name), ...(isRefused ? { severity: 'error' as const } : {}) };
    }),
    ...renamed(absent, unknown),
  ];
}

const about = (code: 'new_column' | 'missing_column', column: string): StoredProblem => ({
  code,
  parameters: { column },
  column,
  count: 1,
});

/** Each missing column with the new one that its name is most like, if any is like it at all. */
function renamed(absent: readonly TableColumn[], unknown: readonly TableColumn[]): StoredProblem[] {
  const taken = new Set<string>();
  return absent.flatMap(({ name: column, type }): StoredProblem[] => {
    const [best] = unknown
      .filter((other) => !taken.has(other.name) && goTogether(type, other.type))
      .map(({ name }) => ({ name, alike: alikeness(column, name) }))
      .filter(({ alike }) => alike >= likeness)
      .sort((a, b) => b.alike - a.alike);
    if (best === undefined) return [];
    taken.add(best.name);
    return [{ code: 'maybe_renamed', parameters: { column, given: best.name }, column, count: 1 }];
  });
}

/** Shared pairs of neighbouring letters and digits among those of both names, 0 to 1. */
function alikeness(a: string, b: string): number {
  const [first, second] = [pairsOf(a), pairsOf(b)];
  if (first.length === 0 || second.length === 0) return foldName(a) === foldName(b) ? 1 : 0;
  const rest = [...second];
  let shared = 0;
  for (const pair of first) {
    const place = rest.indexOf(pair);
    if (place < 0) continue;
    rest.splice(place, 1);
    shared++;
  }
  return (2 * shared) / (first.length + second.length);
}

function pairsOf(name: string): string[] {
  const plain = foldName(name).replace(/[^\p{L}\p{N}]/gu, '');
  return Array.from({ length: Math.max(0, plain.length - 1) }, (_, index) => plain.slice(index, index + 2));
}
