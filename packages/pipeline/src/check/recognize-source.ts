import type { DuckDBConnection } from '@duckdb/node-api';
import type { Source } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { columnsOfSchema } from '../lake/column-types.ts';
import type { ProjectFolder, UploadFolder } from '../lake/layout.ts';
import { findCurrentTable } from '../lake/project-table.ts';
import { readHeader } from '../understand/header.ts';
import { foldName, knownSpelling, type Synonyms } from '../understand/known-spelling.ts';
import type { FileLimits } from '../understand/free-space.ts';
import { openReadable } from '../understand/readable-text.ts';
import { synonymsOf } from '../contract/column-rules.ts';
import type { HeldContract } from '../state/expectations.ts';

interface KnownSource extends Source {
  /** Names of its table's columns; none before the first merge. */
  readonly columns: readonly string[];
  /** Other names that files have for its columns. */
  readonly synonyms?: Synonyms;
}

/**
 * Which of a project's reports a file is, by its columns: it has the whole key of that one, and more of its table's columns
 * than of any other's; where there is no table yet, the longer key decides.
 *
 * @param contracts what is agreed of the files of each, by its name
 */
export async function recognizeSource(
  connection: DuckDBConnection,
  project: ProjectFolder,
  upload: UploadFolder,
  sources: readonly Source[],
  contracts: Readonly<Record<string, HeldContract>>,
  limits: FileLimits,
): Promise<Source | { readonly problem: StoredProblem }> {
  const synonyms = (source: Source): Synonyms => synonymsOf(contracts[source.name]?.contract);
  const others = sources.flatMap((source) => [...synonyms(source).values()].flat());
  const wanted = [...new Set([...sources.flatMap(({ key }) => key), ...others])];
  // Reports are told apart before it is known whose reading holds: that of any source may help to find the header.
  const reading = sources.find((source) => Object.keys(source.reading).length > 0)?.reading;
  const { file, decoded } = upload;
  const readable = await openReadable(connection, { file, decoded, limits, wanted, reading });
  if ('problem' in readable) return readable;
  try {
    const header = readHeader(readable, wanted, reading);
    if ('problem' in header) return header;
    const known = await Promise.all(sources.map((source) => withColumns(project, source, synonyms(source))));
    return chooseSource(header.names, known) ?? { problem: unknownReport(header.names, sources) };
  } finally {
    readable.close();
  }
}

async function withColumns(project: ProjectFolder, source: Source, synonyms: Synonyms): Promise<KnownSource> {
  const current = await findCurrentTable(project.source(source.name).table);
  const columns = current === undefined ? [] : columnsOfSchema(current.snapshot.schema);
  return { ...source, columns: columns.map(({ name }) => name), synonyms };
}

/** Undefined when none fits, or two fit as well. */
export function chooseSource(
  names: readonly string[],
  sources: readonly KnownSource[],
): KnownSource | undefined {
  const fitting = sources
    .map((source) => ({ source, given: namesFor(names, source) }))
    .filter(({ source, given }) => source.key.every((name) => given.has(foldName(name))))
    .map(({ source, given }) => ({ source, fit: likeness(given, source), keyLength: source.key.length }))
    .sort((a, b) => b.fit - a.fit || b.keyLength - a.keyLength);
  const [best, next] = fitting;
  if (best === undefined) return undefined;
  const isTied = next !== undefined && next.fit === best.fit && next.keyLength === best.keyLength;
  return isTied ? undefined : best.source;
}

/** The file's names as a source calls its columns. */
function namesFor(names: readonly string[], { key, columns, synonyms }: KnownSource): Set<string> {
  return new Set(knownSpelling(names, [...columns, ...key], synonyms).map(foldName));
}

/** Shared columns among all columns of the two, 0 to 1; 0 where nothing is known of the source but its key. */
function likeness(given: ReadonlySet<string>, { columns }: KnownSource): number {
  if (columns.length === 0) return 0;
  const known = new Set(columns.map(foldName));
  const shared = [...known].filter((name) => given.has(name)).length;
  return shared / (given.size + known.size - shared);
}

function unknownReport(names: readonly string[], sources: readonly Source[]): StoredProblem {
  const columns = names.length > 12 ? `${names.slice(0, 12).join(', ')}, …` : names.join(', ');
  const reports = sources.map(({ name, key }) => `${name} (${key.join(', ')})`).join('; ');
  return { code: 'unknown_report', parameters: { columns, reports }, line: 1, count: 1 };
}
