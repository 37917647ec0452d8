import type { HistoryEntry } from '@kaefer/deltalake';
import type { ProjectFolder } from './layout.ts';
import { findTable } from './project-table.ts';
import { uploadStatuses } from './upload-effects.ts';

/** A version of the training table that a recipe made. */
export interface RecipeCommit {
  readonly run: string;
  /** Files that came into the training table with it. */
  readonly uploads: readonly string[];
  /** The project's outcomes from then on. */
  readonly classes: readonly string[];
}

/** What the commit of such a version says. */
export function recipeInfo({ run, uploads, classes }: RecipeCommit, by: string): Record<string, unknown> {
  return { recipe: run, uploads, classes, by };
}

/** What made a version; undefined when it was no recipe. */
export function recipeOf({ userMetadata }: Pick<HistoryEntry, 'userMetadata'>): RecipeCommit | undefined {
  const { recipe, uploads, classes } = userMetadata ?? {};
  if (typeof recipe !== 'string') return undefined;
  const texts = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);
  return { run: recipe, uploads: texts(uploads), classes: texts(classes) };
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
