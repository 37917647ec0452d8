import { join } from 'node:path';
import { namesIn } from './durable.ts';

/** The two lasting parts of a data folder; the database can be made anew from the lake. */
export const lakeOf = (dataFolder: string): string => join(dataFolder, 'lake');
export const databaseOf = (dataFolder: string): string => join(dataFolder, 'kaefer.db');

/** Who may sign in by a name of their own: one file a person. */
export const peopleOf = (lake: string): string => join(lake, 'people');
export const personFile = (lake: string, id: string): string => join(peopleOf(lake), `${requireId(id)}.json`);

/** Where everything of a project lies. Ids come from the database only, never from a request's path. */
export class ProjectFolder {
  readonly path: string;

  constructor(lake: string, project: string) {
    this.path = join(lake, 'projects', requireId(project));
  }

  get table(): string {
    return join(this.path, 'table');
  }
  get description(): string {
    return join(this.path, 'project.json');
  }
  get settings(): string {
    return join(this.path, 'settings');
  }
  /** A change of the settings; `description` holds them as they were at first. */
  settingsRevision(revision: number): string {
    return join(this.settings, `${revision}.json`);
  }
  /** A version of what is agreed of its files. */
  contractVersion(version: number): string {
    return join(this.contract, `${version}.json`);
  }
  get contract(): string {
    return join(this.path, 'contract');
  }
  /** What its table holds, in short: made of the table, and made anew when that has changed. */
  get profile(): string {
    return join(this.path, 'profile.json');
  }
  /** One kind of report that the project takes. */
  source(name: string): SourceFolder {
    return new SourceFolder(join(this.path, 'sources', requireSourceName(name)));
  }
  /** The sources that have a table. */
  sourceNames(): string[] {
    return namesIn(join(this.path, 'sources')).sort();
  }
  /** Rows of each data file that incremental runs learn again; can be made again from them. */
  get pool(): string {
    return join(this.path, 'pool');
  }
  get holdouts(): string {
    return join(this.path, 'holdouts');
  }
  /** Where a further holdout began. The folder appears whole, by a rename. */
  holdout(id: string): string {
    return join(this.holdouts, requireId(id));
  }
  /** A column `key`: of every test row that a comparison had seen, or could have seen, when it began. */
  earlierKeys(holdout: string): string {
    return join(this.holdout(holdout), 'earlier-keys.parquet');
  }
  /** What was predicted of records that the lake did not know, until their outcomes come. */
  get predictions(): string {
    return join(this.path, 'predictions', 'table');
  }
  get dictionary(): string {
    return join(this.path, 'dictionary.json');
  }
  get uploads(): string {
    return join(this.path, 'uploads');
  }
  upload(id: string): UploadFolder {
    return new UploadFolder(join(this.uploads, requireId(id)));
  }
  get models(): string {
    return join(this.path, 'models');
  }
  model(version: number): ModelFolder {
    return new ModelFolder(join(this.models, String(version)));
  }
  get runs(): string {
    return join(this.path, 'runs');
  }
  /** A run's record, as it was when its status changed last. */
  run(id: string): string {
    return join(this.runs, `${requireId(id)}.json`);
  }
  get proposals(): string {
    return join(this.path, 'proposals');
  }
  /** A choice that waits, or waited, for a second person. */
  proposal(id: string, round: number): string {
    return join(this.proposals, `${requireId(id)}-${round}.json`);
  }
  get decisions(): string {
    return join(this.path, 'decisions');
  }
  decision(id: string): string {
    return join(this.decisions, `${requireId(id)}.json`);
  }
  /** The comparisons that were made for choices from the list of models. */
  get decisionComparisons(): string {
    return join(this.decisions, 'comparisons');
  }
  decisionComparison(id: string): string {
    return join(this.decisionComparisons, `${requireId(id)}.json`);
  }
  /** What was known when it was made, as a page and as a PDF to read. */
  decisionEvidence(id: string, kind: 'html' | 'pdf'): string {
    return join(this.decisions, `${requireId(id)}.${kind}`);
  }
}

/** Where the merged rows of one source lie. */
export class SourceFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
  get table(): string {
    return join(this.path, 'table');
  }
  get contract(): string {
    return join(this.path, 'contract');
  }
  contractVersion(version: number): string {
    return join(this.contract, `${version}.json`);
  }
  get profile(): string {
    return join(this.path, 'profile.json');
  }
}

/** One received file and what was found in it. */
export class UploadFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
  /** The bytes as received. */
  get file(): string {
    return join(this.path, 'received.csv');
  }
  /** Name, size, SHA-256 and time. */
  get received(): string {
    return join(this.path, 'received.json');
  }
  /** There when a person threw the file away: nothing but this and `received.json` is left. */
  get discarded(): string {
    return join(this.path, 'discarded.json');
  }
  /** The same text as UTF-8, while a file in another encoding is read. */
  get decoded(): string {
    return join(this.path, 'decoded.csv');
  }
  /** Typed rows of the file in its order, with a column `_rejected`. */
  get staged(): string {
    return join(this.path, 'staged.parquet');
  }
  get report(): string {
    return join(this.path, 'report.json');
  }
  /** One JSON object a line: a rejected row and its reasons. */
  get rejected(): string {
    return join(this.path, 'rejected.ndjson');
  }
}

/** One trained model. The folder appears whole, by a rename. */
export class ModelFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
  get model(): string {
    return join(this.path, 'model.ubj');
  }
  get card(): string {
    return join(this.path, 'card.json');
  }
  /** The plain model that it has to beat; models of older versions have none. */
  get plain(): string {
    return join(this.path, 'plain.json');
  }
  /** The keys of the rows that it was trained or validated on. */
  get trainingKeys(): string {
    return join(this.path, 'training-keys.parquet');
  }
  /** Appears whole, by a rename, when the model has been compared. */
  get evaluation(): string {
    return join(this.path, 'evaluation');
  }
  get comparison(): string {
    return join(this.evaluation, 'comparison.json');
  }
  get holdout(): string {
    return join(this.evaluation, 'holdout.parquet');
  }
}

/** Names of sources are names in SQL and of folders. */
function requireSourceName(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(name))
    throw new Error(`not a source's name: ${JSON.stringify(name.slice(0, 120))}`);
  return name;
}

/** Ids name folders: lower-case letters, digits and dashes, so that none can climb out of the lake. */
export function requireId(id: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(id))
    throw new Error(`not an id: ${JSON.stringify(id.slice(0, 120))}`);
  return id;
}
