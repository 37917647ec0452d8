import type { UploadFolder } from '../lake/layout.ts';
import { readJson } from '../lake/durable.ts';

/** What the cells of a column alone prove of how it is written: its decimal mark, or the order of its dates. */
export type ProvenFormat = 'comma' | 'point' | 'day_first' | 'month_first';
export type ProvenFormats = Readonly<Record<string, ProvenFormat>>;

/** What files of before have proven: of columns by their names, and of all that they prove alike. */
export interface EarlierFormats {
  readonly columns: ReadonlyMap<
    string,
    { readonly mark?: Mark | undefined; readonly dates?: Order | undefined }
  >;
  readonly mark?: Mark | undefined;
  readonly dates?: Order | undefined;
}
type Mark = 'comma' | 'point';
type Order = 'day_first' | 'month_first';

/** What the reports of merged files say to have been proven. Where files prove both ways, nothing is taken from them. */
export function earlierFormats(uploads: readonly Pick<UploadFolder, 'report'>[]): EarlierFormats {
  return formatsOfFiles(
    uploads.map(({ report }) => readJson<{ readonly proven?: ProvenFormats }>(report)?.proven ?? {}),
  );
}

export function formatsOfFiles(files: readonly ProvenFormats[]): EarlierFormats {
  const byColumn = new Map<string, Set<ProvenFormat>>();
  for (const [name, format] of files.flatMap((proven) => Object.entries(proven)))
    byColumn.set(name, (byColumn.get(name) ?? new Set()).add(format));
  const all = new Set([...byColumn.values()].flatMap((formats) => [...formats]));
  const columns = [...byColumn].map(([name, formats]) => [name, agreed(formats)] as const);
  return { columns: new Map(columns), ...agreed(all) };
}

function agreed(formats: ReadonlySet<ProvenFormat>): { mark?: Mark | undefined; dates?: Order | undefined } {
  return { mark: only(formats, 'comma', 'point'), dates: only(formats, 'day_first', 'month_first') };
}

/** The one of two that is there; undefined where both or none are. */
export function only<A extends string>(found: ReadonlySet<string>, a: A, b: A): A | undefined {
  return found.has(a) === found.has(b) ? undefined : found.has(a) ? a : b;
}
