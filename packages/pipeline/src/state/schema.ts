import type { Generated } from 'kysely';
import type { Role, RunMode, RunStatus, Stage } from '@kaefer/contracts';
import type { ErrorCode } from '@kaefer/contracts/messages';

/** Times are ISO 8601 text in UTC; `json` columns hold JSON text; booleans are 0 or 1. */
export interface Tables {
  projects: ProjectsTable;
  uploads: UploadsTable;
  runs: RunsTable;
  models: ModelsTable;
  decisions: DecisionsTable;
  people: PeopleTable;
  invitations: InvitationsTable;
  proposals: ProposalsTable;
  sessions: SessionsTable;
  settings: SettingsTable;
  contracts: ContractsTable;
  audit: AuditTable;
  feed_files: FeedFilesTable;
  feed_looks: FeedLooksTable;
}

export interface ProjectsTable {
  id: string;
  name: string;
  /** ProjectDefinition */
  definition: string;
  /** Outcomes, JSON list; grows with the data. */
  classes: string;
  champion: number | null;
  simulated: number;
  status: 'ready' | 'preparing';
  created_at: string;
}

export interface UploadsTable {
  id: string;
  project: string;
  /** The report that it is; null in a project without sources. */
  source: string | null;
  /** The feed that fetched it. */
  feed: string | null;
  filename: string;
  bytes: number;
  sha256: string;
  status: 'valid' | 'invalid' | 'merged' | 'undone' | 'discarded';
  received_at: string;
  /** Dataset version that holds it, once merged. */
  dataset_version: number | null;
}

export interface RunsTable {
  id: string;
  project: string;
  mode: RunMode;
  /** JSON list of upload ids. */
  uploads: string;
  status: RunStatus;
  stage: Stage;
  created_by: string;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  /** Model in production when the run started. */
  current: number | null;
  candidate: number | null;
  /** JSON: RunCandidate[]; null in runs of older versions. */
  candidates: string | null;
  dataset_version: number | null;
  /** JSON: milliseconds by stage. */
  timings: string;
  /** JSON: rows new, updated, unchanged. */
  merged: string | null;
  error_code: ErrorCode | null;
  /** JSON */
  error_parameters: string | null;
}

export interface ModelsTable {
  project: string;
  version: number;
  run: string;
  created_at: string;
  /** JSON: latest metrics on the holdout. */
  metrics: string;
  holdout_rows: number;
  verdict: string | null;
}

export interface DecisionsTable {
  id: string;
  project: string;
  /** Null when a model was put in production from the list of models. */
  run: string | null;
  choice: 'candidate' | 'current' | 'rollback';
  candidate: number;
  current: number | null;
  champion: number;
  note: string | null;
  decided_by: string;
  decided_at: string;
  outcome: string;
  evidence: string;
  /** 1: the project accepted the model by itself. Null in decisions of older versions. */
  automatic: number | null;
  /** Which of the project's holdouts it rested on, the first being 1; null: the first, or none. */
  holdout: number | null;
  /** The second person, in a project that asks for one. */
  approved_by: string | null;
}

export interface PeopleTable {
  id: string;
  name: string;
  /** The name as two names are held against each other. */
  folded_name: string;
  role: Role;
  created_at: string;
  created_by: string;
  removed_at: string | null;
  removed_by: string | null;
}

export interface InvitationsTable {
  /** SHA-256 of the link's secret. */
  token_hash: string;
  person: string;
  created_at: string;
  expires_at: string;
}

/** Choices that wait, or waited, for a second person. */
export interface ProposalsTable {
  /** The run's id, or one of its own. */
  id: string;
  /** From 1: a run's choice may be proposed again after it was rejected. */
  round: number;
  project: string;
  run: string | null;
  version: number;
  note: string | null;
  proposed_by: string;
  person: string | null;
  proposed_at: string;
  state: 'open' | 'approved' | 'rejected';
  answered_by: string | null;
  answered_at: string | null;
  reason: string | null;
}

export interface SessionsTable {
  /** SHA-256 of the cookie's value. */
  token_hash: string;
  user: string;
  /** Null for the machine's own link, and for the token. */
  person: string | null;
  created_at: string;
  expires_at: string;
}

/** Changes of a project's settings; what it was created with is not among them. */
export interface SettingsTable {
  project: string;
  /** From 1, without gaps. */
  revision: number;
  /** JSON: ProjectSettings, all of them as they were from then on. */
  settings: string;
  note: string | null;
  changed_by: string;
  changed_at: string;
}

/** Versions of what is agreed of a project's files. */
export interface ContractsTable {
  project: string;
  /** The report whose files are meant; empty: the project's own. */
  source: string;
  /** From 1, without gaps. */
  version: number;
  /** JSON: Contract */
  contract: string;
  note: string | null;
  /** Null: Käfer took it from a file. */
  changed_by: string | null;
  changed_at: string;
}

/** The files of a feed that were taken, each as it was when it was looked at last. */
export interface FeedFilesTable {
  project: string;
  feed: string;
  /** Its address, key or path. */
  file: string;
  /** What its server says to tell one content from another. */
  version: string;
  sha256: string;
}

/** Looks at the places of feeds; the latest of each are kept. */
export interface FeedLooksTable {
  id: Generated<number>;
  project: string;
  feed: string;
  /** Of looks in a row that brought the same: when the first ended, and … */
  since: string;
  /** … the last, and … */
  at: string;
  /** … how many they were. */
  repeated: number;
  asked_by: string | null;
  /** JSON list of upload ids. */
  taken: string;
  known: number;
  /** JSON list: file, error code and parameters. */
  failures: string;
}

export interface AuditTable {
  id: Generated<number>;
  at: string;
  actor: string;
  action: string;
  project: string | null;
  /** JSON */
  detail: string;
}
