import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const notOurs = new Set(['node_modules', 'dist', '.git', '.cache', 'kaefer-data']);

export function readRepositoryFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** The paths of all files below a folder that somebody wrote and that are wanted; none when there is no such folder. */
export function filesBelow(folder: string, isWanted: (path: string) => boolean): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : filesBelow(path, isWanted);
    return isWanted(path) ? [path] : [];
  });
}

/** Every file of the repository that somebody wrote and whose name ends so, relative to its root, with slashes. */
export function repositoryFiles(ending: string, folder = ''): string[] {
  const paths = filesBelow(join(root, folder), (path) => path.endsWith(ending));
  return paths.map((path) => relative(root, path).split(sep).join('/'));
}

/** The code blocks of a document in one language, in their order. */
export function codeBlocks(path: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms');
  return [...readRepositoryFile(path).matchAll(pattern)].map(([, code]) => code ?? '');
}
