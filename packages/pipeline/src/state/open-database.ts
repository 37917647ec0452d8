import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { Kysely, SqliteDialect, sql } from 'kysely';
import type { Tables } from './schema.ts';
import { migrations } from './migrations.ts';

export type Db = Kysely<Tables>;

/** SQLite waits so long for another process's write before it gives up, in milliseconds. */
const busyTimeoutMs = 5000;

/** Opens the state database, creates or updates its tables. A commit is on disk before it is acknowledged. */
export async function openDatabase(path: string): Promise<Db> {
  mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma(`busy_timeout = ${busyTimeoutMs}`);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  await migrate(db);
  return db;
}

async function migrate(db: Db): Promise<void> {
  await sql`CREATE TABLE IF NOT EXISTS migrations (number integer PRIMARY KEY, applied_at text NOT NULL)`.execute(
    db,
  );
  const applied = await sql<{ number: number }>`SELECT number FROM migrations`.execute(db);
  const done = new Set(applied.rows.map(({ number }) => number));
  for (const [index, statements] of migrations.entries()) {
    if (done.has(index + 1)) continue;
    await db.transaction().execute(async (transaction) => {
      for (const statement of statements) await sql.raw(statement).execute(transaction);
      await sql`INSERT INTO migrations VALUES (${index + 1}, ${new Date().toISOString()})`.execute(
        transaction,
      );
    });
  }
}
