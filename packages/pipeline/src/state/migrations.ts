/** Statements of each migration, in order; one that was published never changes. Plain SQL that PostgreSQL reads too. */
export const migrations: readonly (readonly string[])[] = [
  [
    `CREATE TABLE projects (
      id text PRIMARY KEY, name text NOT NULL UNIQUE, definition text NOT NULL, classes text NOT NULL,
      champion integer, simulated integer NOT NULL, status text NOT NULL, created_at text NOT NULL)`,
    `CREATE TABLE uploads (
      id text PRIMARY KEY, project text NOT NULL REFERENCES projects (id), filename text NOT NULL, bytes bigint NOT NULL,
      sha256 text NOT NULL, status text NOT NULL, received_at text NOT NULL, dataset_version integer)`,
    `CREATE INDEX uploads_of_project ON uploads (project, received_at)`,
    `CREATE TABLE runs (
      id text PRIMARY KEY, project text NOT NULL REFERENCES projects (id), mode text NOT NULL, uploads text NOT NULL,
      status text NOT NULL, stage text NOT NULL, created_by text NOT NULL, created_at text NOT NULL, started_at text,
      finished_at text, current integer, candidate integer, dataset_version integer, timings text NOT NULL, merged text,
      error_code text, error_parameters text)`,
    `CREATE INDEX runs_of_project ON runs (project, created_at)`,
    `CREATE UNIQUE INDEX one_open_run ON runs (project) WHERE status IN ('queued', 'running', 'awaiting_decision')`,
    `CREATE TABLE models (
      project text NOT NULL REFERENCES projects (id), version integer NOT NULL, run text NOT NULL, created_at text NOT NULL,
      metrics text NOT NULL, holdout_rows integer NOT NULL, verdict text, PRIMARY KEY (project, version))`,
    `CREATE TABLE decisions (
      id text PRIMARY KEY, project text NOT NULL REFERENCES projects (id), run text UNIQUE, choice text NOT NULL,
      candidate integer NOT NULL, current integer, champion integer NOT NULL, note text, decided_by text NOT NULL,
      decided_at text NOT NULL, outcome text NOT NULL, evidence text NOT NULL)`,
    `CREATE TABLE sessions (token_hash text PRIMARY KEY, "user" text NOT NULL, created_at text NOT NULL, expires_at text NOT NULL)`,
    `CREATE TABLE audit (
      id integer PRIMARY KEY, at text NOT NULL, actor text NOT NULL, action text NOT NULL, project text, detail text NOT NULL)`,
  ],
  [
    `CREATE TABLE settings (
      project text NOT NULL REFERENCES projects (id), revision integer NOT NULL, settings text NOT NULL, note text,
      changed_by text NOT NULL, changed_at text NOT NULL, PRIMARY KEY (project, revision))`,
  ],
  [`ALTER TABLE uploads ADD COLUMN source text`],
  [
    `CREATE TABLE contracts (
      project text NOT NULL REFERENCES projects (id), source text NOT NULL, version integer NOT NULL, contract text NOT NULL,
      note text, changed_by text, changed_at text NOT NULL, PRIMARY KEY (project, source, version))`,
  ],
  [
    `ALTER TABLE uploads ADD COLUMN feed text`,
    `CREATE TABLE feed_files (
      project text NOT NULL REFERENCES projects (id), feed text NOT NULL, file text NOT NULL, version text NOT NULL,
      sha256 text NOT NULL, PRIMARY KEY (project, feed, file))`,
    `CREATE TABLE feed_looks (
      id integer PRIMARY KEY, project text NOT NULL REFERENCES projects (id), feed text NOT NULL, since text NOT NULL,
      at text NOT NULL, repeated integer NOT NULL, asked_by text, taken text NOT NULL, known integer NOT NULL,
      failures text NOT NULL)`,
    `CREATE INDEX feed_looks_of_feed ON feed_looks (project, feed, id)`,
  ],
  [`ALTER TABLE runs ADD COLUMN candidates text`],
  [`ALTER TABLE decisions ADD COLUMN automatic integer`, `ALTER TABLE decisions ADD COLUMN holdout integer`],
  [
    `CREATE TABLE people (
      id text PRIMARY KEY, name text NOT NULL, folded_name text NOT NULL UNIQUE, role text NOT NULL, created_at text NOT NULL,
      created_by text NOT NULL, removed_at text, removed_by text)`,
    `CREATE TABLE invitations (
      token_hash text PRIMARY KEY, person text NOT NULL REFERENCES people (id), created_at text NOT NULL,
      expires_at text NOT NULL)`,
    `ALTER TABLE sessions ADD COLUMN person text`,
    `CREATE TABLE proposals (
      id text NOT NULL, round integer NOT NULL, project text NOT NULL REFERENCES projects (id), run text, version integer NOT NULL,
      note text, proposed_by text NOT NULL, person text, proposed_at text NOT NULL, state text NOT NULL, answered_by text,
      answered_at text, reason text, PRIMARY KEY (id, round))`,
    `CREATE UNIQUE INDEX one_open_proposal ON proposals (project) WHERE state = 'open'`,
    `ALTER TABLE decisions ADD COLUMN approved_by text`,
    `DROP INDEX one_open_run`,
    `CREATE UNIQUE INDEX one_open_run ON runs (project)
      WHERE status IN ('queued', 'running', 'awaiting_decision', 'awaiting_approval')`,
  ],
];
