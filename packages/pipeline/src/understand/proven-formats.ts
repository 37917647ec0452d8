import type { UploadFolder } from '../lake/layout.ts';
import { readJson } from '../lake/durable.ts';
import type { EarlierFormats, ProvenFormat, ProvenFormats } from '../features/earlier-formats.ts';

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

function agreed(formats: ReadonlySet<ProvenFormat>): Pick<EarlierFormats, 'mark' | 'dates'> {
  return { mark: only(formats, 'comma', 'point'), dates: only(formats, 'day_first', 'month_first') };
}

/** The one of two that is there; undefined where both or none are. */
export function only<A extends string>(found: ReadonlySet<string>, a: A, b: A): A | undefined {
  return found.has(a) === found.has(b) ? undefined : found.has(a) ? a : b;
}
