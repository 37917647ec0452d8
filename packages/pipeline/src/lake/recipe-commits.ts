import type { HistoryEntry } from '@kaefer/deltalake';
import type { ProjectFolder } from './layout.ts';
import { findTable } from './project-table.ts';
import { uploadEffects, uploadStatuses, type UploadEffects } from './upload-effects.ts';

/** A version of the training table that a recipe made. */
export interface RecipeCommit {
  readonly run: string;
  /** Files that came into the training table with it. */
  readonly uploads: readonly string[];
  /** The project's outcomes from then on. */
  readonly classes: readonly string[];
  /** Of each source the version of its table that it was made of. */
  readonly sources: Readonly<Record<string, number>>;
}

/** What the commit of such a version says. */
export function recipeInfo(commit: RecipeCommit, by: string): Record<string, unknown> {
  const { run: recipe, uploads, classes, sources } = commit;
  return { recipe, uploads, classes, sources, by };
}

/** What made a version; undefined when it was no recipe. */
export function recipeOf({ userMetadata }: Pick<HistoryEntry, 'userMetadata'>): RecipeCommit | undefined {
  const { recipe, uploads, classes, sources } = userMetadata ?? {};
  if (typeof recipe !== 'string') return undefined;
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);
  const versions = Object.entries((sources ?? {}) as Record<string, unknown>);
  return {
    run: recipe,
    uploads: texts(uploads),
    classes: texts(classes),
    sources: Object.fromEntries(versions.map(([name, version]) => [name, Number(version)])),
  };
}

/** Of each source that has a table the version that it has now. */
export async function sourceVersions(
  folder: ProjectFolder,
  sources: readonly { readonly name: string }[],
): Promise<Record<string, number>> {
  const versions: Record<string, number> = {};
  for (const { name } of sources) {
    const table = await findTable(folder.source(name).table);
    if (table !== undefined) versions[name] = (await table.snapshot()).version;
  }
  return versions;
}

/** For each version of a project's table what it holds of the uploads, be it their rows or what a recipe made of them. */
export async function datasetEffects(
  folder: ProjectFolder,
  sources: readonly { readonly name: string }[],
): Promise<Map<number, UploadEffects>> {
  const history = await historyOf(folder.table);
  if (sources.length === 0) return uploadEffects(history);
  const bySource = new Map<string, Map<number, UploadEffects>>();
  for (const { name } of sources)
    bySource.set(name, uploadEffects(await historyOf(folder.source(name).table)));
  const found = new Map<number, UploadEffects>();
  for (const entry of history) {
    const made = Object.entries(recipeOf(entry)?.sources ?? {}).flatMap(
      ([name, version]) => bySource.get(name)?.get(version) ?? [],
    );
    found.set(entry.version, {
      merged: new Map(made.flatMap(({ merged }) => [...merged])),
      undone: new Set(made.flatMap(({ undone }) => [...undone])),
    });
  }
  return found;
}

export interface SourceUploadState {
  readonly status: 'merged' | 'undone';
  /** The first version of the training table that holds it; null as long as none does. */
  readonly datasetVersion: number | null;
}

/** What the lake says of each file that was ever merged into a source. */
export async function sourceUploadStates(
  folder: ProjectFolder,
  sources: readonly { readonly name: string }[],
): Promise<Map<string, SourceUploadState>> {
  const versions = new Map<string, number>();
  for (const entry of sources.length === 0 ? [] : await historyOf(folder.table))
    for (const upload of recipeOf(entry)?.uploads ?? [])
      if (!versions.has(upload)) versions.set(upload, entry.version);
  const states = new Map<string, SourceUploadState>();
  for (const { name } of sources)
    for (const [upload, status] of uploadStatuses(await historyOf(folder.source(name).table)))
      states.set(upload, { status, datasetVersion: versions.get(upload) ?? null });
  return states;
}

async function historyOf(table: string): Promise<HistoryEntry[]> {
  return (await (await findTable(table))?.history()) ?? [];
}
