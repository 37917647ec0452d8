import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { CheckReport } from '../check/report.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { checkSeal, checkSums, sha256OfFile, sumsName, type Intactness } from '../lake/seal.ts';
import { unreadablePart, type Found } from './damage.ts';

/** Whole files below a place: what is being written has a name that starts with a dot or ends with `.part`. */
export function filesBelow(place: string): string[] {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !name.endsWith('.part'))
    .flatMap((entry) => {
      const path = join(place, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/**
 * Compares every file of a project outside its tables with the SHA-256 that was recorded of it: in the file itself (JSON,
 * pages and PDFs), in the list of its folder, in the report of its check, or in the description of the example file. One of
 * which nothing was recorded is no file of Käfer's: `foreign`.
 *
 * @returns how many files were compared
 */
export function verifyFiles(folder: ProjectFolder, found: Found[]): number {
  const tables = [
    folder.table,
    folder.predictions,
    ...folder.sourceNames().map((name) => folder.source(name).table),
  ];
  const files = filesBelow(folder.path).filter(
    (path) => !tables.some((table) => path.startsWith(`${table}/`)),
  );
  const recorded = new Map<string, Intactness>();
  const record = (path: string, how: Intactness): void => {
    if (recorded.get(path) === undefined || how !== 'intact') recorded.set(path, how);
  };
  const note = (path: string, digest: string | undefined): void => {
    if (digest === undefined) return;
    record(path, !existsSync(path) ? 'missing' : sha256OfFile(path) === digest ? 'intact' : 'altered');
  };
  const attempt = (path: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      recorded.set(path, 'altered');
      found.push(unreadablePart(relative(folder.path, path), error));
    }
  };
  const lists = new Map(
    files
      .filter((path) => basename(path) === sumsName)
      .map((path) => [path, checkSums(dirname(path))] as const),
  );
  const listed = new Set(
    [...lists].flatMap(([path, sums]) => [...sums.keys()].map((name) => join(dirname(path), name))),
  );
  for (const path of files) {
    const name = basename(path);
    attempt(path, () => {
      if (name === sumsName) {
        record(path, 'intact');
        for (const [other, how] of lists.get(path) ?? []) record(join(dirname(path), other), how);
      } else if (/\.(html|pdf)$/.test(path) || (path.endsWith('.json') && !listed.has(path))) {
        const how = checkSeal(path);
        if (how !== undefined) record(path, how);
      }
      if (name === 'report.json')
        for (const [other, digest] of Object.entries(readJson<CheckReport>(path)?.files ?? {}))
          note(join(dirname(path), other), digest);
      if (name === 'sample.json')
        for (const { place, sha256 } of sampleFiles(path)) note(join(dirname(path), place), sha256);
    });
  }
  for (const path of files) if (!recorded.has(path)) found.push(damage(folder, path, 'foreign'));
  for (const [path, how] of recorded) if (how !== 'intact') found.push(damage(folder, path, how));
  return recorded.size;
}

/** The example files that a description names. */
function sampleFiles(path: string): { readonly place: string; readonly sha256: string | undefined }[] {
  const sample = readJson<{ sha256?: string; files?: readonly { place: string; sha256: string }[] }>(path);
  return [...(sample?.files ?? [{ place: 'sample.csv', sha256: sample?.sha256 }])];
}

const damage = (
  { path: root }: ProjectFolder,
  path: string,
  kind: Exclude<Intactness, 'intact'> | 'foreign',
): Found => ({
  part: relative(root, path),
  kind,
  parameters: {},
});
