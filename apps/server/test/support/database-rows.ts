import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { temporaryFolder } from './temporary-folder.ts';

/** Every row of the tables that can be told from the lake, in the order of their keys. */
export function databaseRows(dataDir: string): Record<string, unknown[]> {
  // A copy: what this process has open, it keeps open when the file is replaced.
  const copy = temporaryFolder();
  for (const name of readdirSync(dataDir).filter((name) => name.startsWith('kaefer.db')))
    copyFileSync(join(dataDir, name), join(copy, name));
  const database = new Database(join(copy, 'kaefer.db'));
  try {
    return Object.fromEntries(
      [
        'projects',
        'uploads',
        'runs',
        'models',
        'decisions',
        'settings',
        'contracts',
        'people',
        'proposals',
        'audit',
      ].map((table) => [table, database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]),
    );
  } finally {
    database.close();
  }
}
