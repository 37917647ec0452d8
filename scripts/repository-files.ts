import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const notOurs = new Set(['node_modules', 'dist', '.git', '.cache', 'kaefer-data']);

export function readRepositoryFile(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every file of the repository that somebody wrote and whose name ends so, relative to its root. */
export function repositoryFiles(ending: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : repositoryFiles(ending, path);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

/** The code blocks of a document in one language, in their order. */
export function codeBlocks(path: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms');
  return [...readRepositoryFile(path).matchAll(pattern)].map(([, code]) => code ?? '');
}
