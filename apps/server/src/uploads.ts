import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { judgeProblem, KaeferError, type StoredProblem } from '@kaefer/contracts';
import {
  displayName,
  expectationsOf,
  openRunOf,
  publishContract,
  publishFolder,
  receiveFile,
  rememberFeedFile,
  writeJsonDurably,
  type CheckReport,
  type Db,
  type HeldContract,
  type JobProgress,
  type MergedUpload,
  type Origin,
  type ProjectRecord,
  type Received,
  type UploadFolder,
} from '@kaefer/pipeline';
import { noteProgress } from './arrivals.ts';
import type { Context } from './context.ts';
import { heldContracts, storeSuggestedContract } from './contracts.ts';
import { fileLimits } from './disk-space.ts';
import { draftsFolder, findDraft } from './drafts.ts';
import { withSqlScratch } from './sql-scratch.ts';
import { readSample } from './samples.ts';
import type { UploadRow } from './views/upload-view.ts';

/** What is known of a file before it comes. */
export interface Sender {
  readonly filename: string | undefined;
  /** The report that it is; null, the default, when its columns shall tell. */
  readonly source?: string | null;
  /** Default: nobody says. */
  readonly expectedBytes?: number | null;
  /** What the sender calls it, to know it again while it is on its way. */
  readonly reference?: string | null;
  /** Of a file that a feed found. */
  readonly origin?: Origin;
  /** Asked when all bytes are there: whether they need no upload. */
  readonly isTaken?: (sha256: string) => boolean;
  /** Aborting leaves nothing of it. */
  readonly signal?: AbortSignal;
}

/** Receives a file into a project and checks it; the upload is acknowledged when both are done. */
export async function receiveUpload(
  context: Context,
  project: ProjectRecord,
  content: Readable,
  sender: Omit<Sender, 'isTaken'>,
): Promise<UploadRow> {
  const { upload } = await receiveUnlessTaken(context, project, content, sender);
  if (upload === undefined) throw new Error('nobody said that the file is taken');
  return upload;
}

/** The same for a file whose bytes may be there already: then there is no upload, and nothing of it stays. */
export async function receiveUnlessTaken(
  context: Context,
  project: ProjectRecord,
  content: Readable,
  sender: Sender,
): Promise<{ readonly sha256: string; readonly upload: UploadRow | undefined }> {
  const { source = null, expectedBytes = null, reference = null, origin, isTaken } = sender;
  const { id: name } = project.definition;
  try {
    requireSource(project, source);
  } catch (error) {
    content.destroy();
    throw error;
  }
  const folder = context.folder(name);
  mkdirSync(folder.uploads, { recursive: true });
  context.workers.prepare();
  const file = {
    id: context.newId('upload'),
    filename: displayName(sender.filename),
    receivedAt: context.now(),
    ...(origin && { origin }),
  };
  const { id, filename, receivedAt: startedAt } = file;
  const feed = origin?.feed ?? null;
  return context.arrivals.during(
    { id, project: name, filename, reference, feed, startedAt, expectedBytes },
    sender.signal,
    async (arrival, signal) => {
      const received = await receiveFile(content, folder.uploads, file, context.config.uploadLimitBytes, {
        onBytes: (bytes) => (arrival.bytes = bytes),
        signal,
      });
      const { sha256 } = received;
      if (isTaken?.(sha256) === true) {
        rmSync(folder.upload(id).path, { recursive: true, force: true });
        return { sha256, upload: undefined };
      }
      arrival.isChecking = true;
      const onProgress = (progress: JobProgress): void => noteProgress(arrival, progress);
      const upload = await checkReceived(context, project, received, source, { signal, onProgress });
      return { sha256, upload };
    },
  );
}

/** @throws KaeferError `source_not_found` */
export function requireSource({ definition }: ProjectRecord, source: string | null): void {
  const names = definition.sources.map(({ name }) => name);
  if (source !== null && !names.includes(source))
    throw new KaeferError('source_not_found', { source: source.slice(0, 100), sources: names.join(', ') });
}

/** Takes a file that was sent as a draft into a project. */
export async function adoptDraft(
  context: Context,
  project: ProjectRecord,
  draft: string,
  source: string | null = null,
): Promise<UploadRow> {
  requireSource(project, source);
  const received = findDraft(context, draft);
  const place = join(draftsFolder(context), draft);
  const folder = context.folder(project.definition.id);
  const upload = { ...received, id: context.newId('upload'), receivedAt: context.now() };
  mkdirSync(folder.uploads, { recursive: true });
  writeJsonDurably(join(place, 'received.json'), upload);
  publishFolder(place, folder.upload(upload.id).path);
  return checkReceived(context, project, upload, source);
}

/**
 * Sends an example file of a project to itself, as a person would.
 *
 * @param report name of the file, where several lie ready; default the first
 * @throws KaeferError `sample_not_found`
 */
export async function uploadSample(
  context: Context,
  project: ProjectRecord,
  report: string | undefined,
): Promise<UploadRow> {
  const files = readSample(context.folder(project.definition.id)) ?? [];
  const file = report === undefined ? files[0] : files.find(({ filename }) => filename === report);
  if (file === undefined) throw new KaeferError('sample_not_found');
  return receiveUpload(context, project, createReadStream(file.path), { filename: file.filename });
}

interface CheckOptions {
  readonly replaces?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/**
 * Checks a file that lies in the project's uploads, and acknowledges it.
 *
 * @param options.replaces an upload of the same bytes that is discarded with that
 * @param options.signal aborting kills the check and leaves nothing of the file
 */
export async function checkReceived(
  context: Context,
  project: ProjectRecord,
  received: Received,
  source: string | null,
  { replaces, signal, onProgress }: CheckOptions = {},
): Promise<UploadRow> {
  const { definition } = project;
  const folder = context.folder(definition.id).upload(received.id);
  try {
    const contracts = await heldContracts(context, project);
    const merged = await mergedUploads(context.db, definition.id);
    const report = await withSqlScratch(context, 'check', (limits) =>
      context.workers.run(
        {
          kind: 'check',
          lake: context.lake,
          project: definition.id,
          limits,
          upload: received.id,
          expectations: { ...expectationsOf(project), contract: contracts[''] },
          sources: definition.sources,
          contracts,
          merged,
          source,
          fileLimits: fileLimits(context),
        },
        {
          onFailure: (stack) => context.log.error({ upload: received.id, stack }, 'a check failed'),
          ...(signal && { signal }),
          ...(onProgress && { onProgress }),
        },
      ),
    );
    const noted = await noteRepetition(context, definition.id, received, report, contracts, replaces);
    if (noted !== report) writeJsonDurably(folder.report, noted);
    signal?.throwIfAborted();
    const { origin } = received;
    const row = {
      id: received.id,
      project: definition.id,
      source: report.source ?? null,
      feed: origin?.feed ?? null,
      filename: received.filename,
      bytes: received.bytes,
      sha256: received.sha256,
      status: noted.status,
      received_at: received.receivedAt,
    };
    const suggested = await context.db.transaction().execute(async (transaction) => {
      if (replaces !== undefined) await requireUnused(transaction, definition.id, replaces);
      await transaction
        .insertInto('uploads')
        .values({ ...row, dataset_version: null })
        .execute();
      if (origin !== undefined && replaces === undefined)
        await rememberFeedFile(transaction, definition.id, origin, received.sha256);
      if (replaces !== undefined)
        await transaction
          .updateTable('uploads')
          .set({ status: 'discarded' })
          .where('id', '=', replaces)
          .where('status', 'in', ['valid', 'invalid'])
          .execute();
      const upload = { id: received.id, project: definition.id, replaces };
      return storeSuggestedContract(transaction, upload, noted, context.now());
    });
    if (suggested !== undefined) publishContract(context.folder(definition.id), suggested);
    if (replaces !== undefined)
      removeDiscarded(context.folder(definition.id).upload(replaces), context.now());
    return row;
  } catch (error) {
    rmSync(folder.path, { recursive: true, force: true });
    throw error;
  }
}

/** So many of the newest merged files tell how a project's files are written. */
const askedOfHabits = 20;

/** The merged files of which is learned how those to come are written, where they leave it open. */
export function mergedUploads(db: Db, project: string): Promise<MergedUpload[]> {
  return db
    .selectFrom('uploads')
    .select(['id', 'source'])
    .where('project', '=', project)
    .where('status', '=', 'merged')
    .orderBy('received_at', 'desc')
    .limit(askedOfHabits)
    .execute();
}

/** A run may have taken the old upload while it was checked anew. @throws KaeferError `upload_in_use` */
async function requireUnused(db: Db, project: string, upload: string): Promise<void> {
  if ((await openRunOf(db, project))?.uploads.includes(upload) === true)
    throw new KaeferError('upload_in_use', { upload });
}

/** A file with the very same bytes as one before is worth a word, or is refused where the contract says so. */
async function noteRepetition(
  { db, folder }: Context,
  project: string,
  { sha256, id }: Received,
  report: CheckReport,
  contracts: Readonly<Record<string, HeldContract>>,
  replaces = '',
): Promise<CheckReport> {
  const before = await db
    .selectFrom('uploads')
    .select('received_at')
    .where('project', '=', project)
    .where('sha256', '=', sha256)
    .where('id', '!=', replaces)
    .where('status', 'in', ['valid', 'merged'])
    .orderBy('received_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (before === undefined || report.status === 'invalid') return report;
  const told: StoredProblem = {
    code: 'sent_before',
    parameters: { date: before.received_at.slice(0, 10) },
    count: 1,
  };
  const problem = judgeProblem(told, contracts[report.source ?? '']?.contract);
  if (problem === undefined) return report;
  if (problem.severity !== 'error') return { ...report, problems: [...report.problems, problem] };
  const { staged } = folder(project).upload(id);
  const { [basename(staged)]: _, ...files } = report.files ?? {};
  rmSync(staged, { force: true });
  const { total, rejected } = report.rows;
  const rows = { total, rejected, new: 0, updated: 0, unchanged: 0 };
  return { ...report, status: 'invalid', rows, files, problems: [problem, ...report.problems] };
}

/** @throws KaeferError `upload_not_found` */
export async function findUpload({ db }: Context, id: string): Promise<UploadRow> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new KaeferError('upload_not_found', { upload: id.slice(0, 100) });
  return row;
}

/**
 * Throws away a file that belongs to no run and no data.
 *
 * @throws KaeferError `upload_not_found`, `upload_in_use`
 */
export async function discardUpload(context: Context, id: string): Promise<UploadRow> {
  const row = await findUpload(context, id);
  if (row.status === 'discarded') return row;
  const open = await openRunOf(context.db, row.project);
  if (row.status === 'merged' || row.status === 'undone' || open?.uploads.includes(id) === true)
    throw new KaeferError('upload_in_use', { upload: id });
  await context.db
    .updateTable('uploads')
    .set({ status: 'discarded' })
    .where('id', '=', id)
    .where('status', 'in', ['valid', 'invalid'])
    .execute();
  const discarded = await findUpload(context, id);
  removeDiscarded(context.folder(row.project).upload(id), context.now());
  return discarded;
}

/** Leaves of a discarded upload that it was there. May be done again. */
export function removeDiscarded(folder: UploadFolder, discardedAt: string): void {
  if (!existsSync(folder.path)) return;
  if (!existsSync(folder.discarded)) writeJsonDurably(folder.discarded, { discardedAt });
  const kept = new Set([folder.received, folder.discarded]);
  for (const path of readdirSync(folder.path).map((name) => join(folder.path, name)))
    if (!kept.has(path)) rmSync(path, { recursive: true, force: true });
}
