import type { UploadFolder } from '../lake/layout.ts';
import { readJson } from '../lake/durable.ts';
import type { EarlierFormats, FileFormats, ProvenFormat } from '../features/earlier-formats.ts';

/** What the reports of merged files say to have been proven. Where files prove both ways, nothing is taken from them. */
export function earlierFormats(uploads: readonly Pick<UploadFolder, 'report'>[]): EarlierFormats {
  return formatsOfFiles(uploads.map(({ report }) => readJson<FileFormats>(report) ?? {}));
}

export function formatsOfFiles(files: readonly FileFormats[]): EarlierFormats {
  const proven = valuesByColumn(files.map((file) => file.proven ?? {}));
  const offsets = valuesByColumn(files.map((file) => file.offsets ?? {}));
  const all = new Set([...proven.values()].flatMap((formats) => [...formats]));
  const columns = [...new Set([...proven.keys(), ...offsets.keys()])].map((name) => {
    const own = {
      ...agreed(proven.get(name) ?? new Set()),
      offsets: only(offsets.get(name) ?? new Set(), 'with', 'without'),
    };
    return [name, own] as const;
  });
  return { columns: new Map(columns), ...agreed(all) };
}

/** What files say of columns, by the columns' names. */
function valuesByColumn<Value>(files: readonly Readonly<Record<string, Value>>[]): Map<string, Set<Value>> {
  const byColumn = new Map<string, Set<Value>>();
  for (const [name, value] of files.flatMap((file) => Object.entries(file)))
    byColumn.set(name, (byColumn.get(name) ?? new Set()).add(value));
  return byColumn;
}

function agreed(formats: ReadonlySet<ProvenFormat>): Pick<EarlierFormats, 'mark' | 'dates'> {
  return { mark: only(formats, 'comma', 'point'), dates: only(formats, 'day_first', 'month_first') };
}

/** The one of two that is there; undefined where both or none are. */
export function only<A extends string>(found: ReadonlySet<string>, a: A, b: A): A | undefined {
  return found.has(a) === found.has(b) ? undefined : found.has(a) ? a : b;
}
