import { PassThrough, type Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { KaeferError } from '@kaefer/contracts';
import type { Context } from '../context.ts';
import { requireSpace } from '../disk-space.ts';
import { contentTypeOf } from './problem-details.ts';
import type { App } from './typed.ts';

const fileTypes = [
  'text/csv',
  'text/plain',
  'application/octet-stream',
  'application/csv',
  'application/vnd.ms-excel',
  'text/tab-separated-values',
  'application/gzip',
  'application/x-gzip',
  'application/zip',
  'application/x-zip-compressed',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.apache.parquet',
  'application/x-ndjson',
  'application/jsonl',
];

/** Lets files through as streams: they are never held in memory. */
export function acceptFileStreams(app: App): void {
  app.addContentTypeParser(fileTypes, (_request: FastifyRequest, payload, done) => done(null, payload));
}

/**
 * The file that a request carries, raw or as the form field `file`, and its name.
 *
 * @throws KaeferError `disk_full` before a byte is read, `unsupported_media_type`, `invalid_request`; reading the content `upload_interrupted`
 */
export async function requestFile(
  context: Context,
  request: FastifyRequest,
  queryName: string | undefined,
): Promise<{ content: Readable; filename: string | undefined }> {
  requireSpace(context, Number(request.headers['content-length'] ?? 0) || 0);
  const type = request.headers['content-type'] ?? '';
  if (isForm(request)) {
    const part = await request.file();
    if (part === undefined) throw new KaeferError('invalid_request', { reason: 'the form has no file' });
    // What is left of a refused form is read and thrown away: browsers take no answer before they have sent it all.
    part.file.once('close', () => request.raw.resume());
    return {
      content: fileOfForm(part.file, () => part.file.destroy()),
      filename: queryName ?? part.filename,
    };
  }
  if (isStream(request.body)) return { content: detached(request.body), filename: queryName };
  if (type === '' && (request.headers['content-length'] ?? '0') === '0')
    return { content: detached(request.raw), filename: queryName };
  throw new KaeferError('unsupported_media_type', { seen: contentTypeOf(request) });
}

/** Most files of one form: as many as one run takes. */
const mostFiles = 100;

/** Whether a request carries a form, which may hold several files. */
export const isForm = ({ headers }: FastifyRequest): boolean =>
  (headers['content-type'] ?? '').startsWith('multipart/form-data');

/**
 * The files of a form in its order. Each has to be read, or given up, before the next comes; what is left of one that is
 * given up is thrown away.
 *
 * @throws KaeferError `disk_full` before a byte is read; between two files `too_many_files`, `upload_interrupted`
 */
export async function* requestFiles(
  context: Context,
  request: FastifyRequest,
): AsyncGenerator<{ content: Readable; filename: string }> {
  requireSpace(context, Number(request.headers['content-length'] ?? 0) || 0);
  const parts = request.files({ limits: { files: mostFiles }, throwFileSizeLimit: false });
  try {
    for await (const { file, filename } of parts)
      yield { content: fileOfForm(file, () => file.resume()), filename };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'FST_FILES_LIMIT') throw new KaeferError('too_many_files', { limit: mostFiles });
    throw new KaeferError('upload_interrupted', {}, { cause: error });
  }
}

/**
 * A body that may be given up without harm to its connection: the rest is read and thrown away, where destroying the
 * request itself would leave the rest in the way of the connection's next request.
 */
function detached(body: Readable): Readable {
  const content = new PassThrough();
  body.once('error', (error) => content.destroy(error));
  content.once('close', () => body.resume());
  return body.pipe(content);
}

/** A form's file; a form that ends in the middle of it is an interruption like a connection that does. */
function fileOfForm(file: Readable, giveUp: () => unknown): Readable {
  const content = new PassThrough();
  file.once('error', (error) => {
    const isOfForm = !('statusCode' in error);
    content.destroy(isOfForm ? new KaeferError('upload_interrupted', {}, { cause: error }) : error);
  });
  content.once('close', giveUp);
  return file.pipe(content);
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'pipe' in body;
}
