import { createReadStream, existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { Draft, KaeferError, Reading, UndoAnswer, UndoPlan, Upload, UploadBatch } from '@kaefer/contracts';
import type { Context } from '../context.ts';
import { receiveDraft, rereadDraft } from '../drafts.ts';
import { actorOf } from '../http/authentication.ts';
import { requestLocale } from '../http/locale.ts';
import { plainName, sendStream } from '../http/send-file.ts';
import { isForm, requestFile, requestFiles } from '../http/request-file.ts';
import { answers, IdParams, ProjectParams, TextAnswer, type App } from '../http/typed.ts';
import { receiveForm } from '../receive-form.ts';
import { rejectedRowsCsv } from '../rejected-rows.ts';
import { rereadUpload } from '../reread-upload.ts';
import { planUndo, undoUpload } from '../undo-upload.ts';
import { adoptDraft, discardUpload, findUpload, receiveUpload, uploadSample } from '../uploads.ts';
import { draftView, uploadView } from '../views/upload-view.ts';

const FilenameQuery = z.object({ filename: z.string().max(500).optional() });
const SourceQuery = z.object({
  /** Which report it is, in a project that takes several; default what its columns tell. */
  source: z.string().max(40).optional(),
});
const ReferenceQuery = z.object({
  /** What the sender calls the file, to find it among the arrivals. */
  reference: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .optional(),
});
/** So many are listed besides those that wait. */
const latestUploads = 100;
const consumes = ['text/csv', 'multipart/form-data'];

const DraftParams = z.object({ draft: z.string().regex(/^draft-[0-9a-f]{18}$/) });

export function uploadRoutes(app: App, context: Context): void {
  const tags = ['uploads'];
  const base = '/api/v1/projects/:project/uploads';
  app.post(
    base,
    {
      schema: {
        tags,
        summary: 'Send a file, or a form of several; answers once all are stored and checked',
        consumes,
        params: ProjectParams,
        querystring: FilenameQuery.extend(SourceQuery.shape).extend(ReferenceQuery.shape),
        response: answers({ 201: Upload, 207: UploadBatch }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const { source = null, filename: asked, reference = null } = request.query;
      const locale = requestLocale(request);
      if (isForm(request)) {
        const files = requestFiles(context, request);
        const taken = await receiveForm(
          context,
          project,
          files,
          { source, reference, filename: asked },
          locale,
        );
        if (taken === undefined) throw new KaeferError('invalid_request', { reason: 'the form has no file' });
        return 'only' in taken ? reply.code(201).send(taken.only) : reply.code(207).send(taken);
      }
      const { content, filename } = await requestFile(context, request, asked);
      const upload = await receiveUpload(context, project, content, {
        filename,
        source,
        reference,
        expectedBytes: Number(request.headers['content-length'] ?? NaN) || null,
      });
      return reply.code(201).send(uploadView(context, project, upload, locale));
    },
  );
  app.post(
    `${base}/sample`,
    {
      schema: {
        tags,
        summary: "Send the project's example file, or one of its example reports",
        params: ProjectParams,
        querystring: z.object({ report: z.string().max(500).optional() }),
        response: answers({ 201: Upload }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      const upload = await uploadSample(context, project, request.query.report);
      return reply.code(201).send(uploadView(context, project, upload, requestLocale(request)));
    },
  );
  app.post(
    `${base}/draft/:draft`,
    {
      schema: {
        tags,
        summary: 'Use a file that was sent as a draft',
        params: ProjectParams.extend(DraftParams.shape),
        querystring: SourceQuery,
        response: answers({ 201: Upload }),
      },
    },
    async (request, reply) => {
      const project = await context.project(request.params.project);
      return reply
        .code(201)
        .send(
          uploadView(
            context,
            project,
            await adoptDraft(context, project, request.params.draft, request.query.source),
            requestLocale(request),
          ),
        );
    },
  );
  app.get(
    base,
    {
      schema: {
        tags,
        summary: 'The uploads that wait, and the latest of all; newest first',
        params: ProjectParams,
        response: answers({ 200: z.object({ items: z.array(Upload) }) }),
      },
    },
    async (request) => {
      const project = await context.project(request.params.project);
      const rows = await context.db
        .selectFrom('uploads')
        .selectAll()
        .where('project', '=', project.definition.id)
        .where((where) =>
          where.or([
            where('status', 'in', ['valid', 'invalid']),
            where(
              'id',
              'in',
              where
                .selectFrom('uploads')
                .select('id')
                .where('project', '=', project.definition.id)
                .orderBy('received_at', 'desc')
                .limit(latestUploads),
            ),
          ]),
        )
        .orderBy('received_at', 'desc')
        .execute();
      return { items: rows.map((row) => uploadView(context, project, row, requestLocale(request))) };
    },
  );
  app.get(
    '/api/v1/uploads/:id',
    { schema: { tags, summary: 'One upload', params: IdParams, response: answers({ 200: Upload }) } },
    async (request) => {
      const upload = await findUpload(context, request.params.id);
      return uploadView(context, await context.project(upload.project), upload, requestLocale(request));
    },
  );
  app.delete(
    '/api/v1/uploads/:id',
    {
      schema: {
        tags,
        summary: 'Discard an upload that was not merged',
        params: IdParams,
        response: answers({ 200: Upload }),
      },
    },
    async (request) => {
      const upload = await discardUpload(context, request.params.id);
      return uploadView(context, await context.project(upload.project), upload, requestLocale(request));
    },
  );
  app.get(
    '/api/v1/uploads/:id/undo',
    {
      schema: {
        tags,
        summary: 'What undoing a merged upload would do',
        params: IdParams,
        response: answers({ 200: UndoPlan }),
      },
    },
    async (request) => planUndo(context, request.params.id),
  );
  app.post(
    '/api/v1/uploads/:id/undo',
    {
      config: { engineer: true },
      schema: {
        tags,
        summary: 'Take a merged upload out of the data again, as a new version',
        params: IdParams,
        response: answers({ 200: UndoAnswer }),
      },
    },
    async (request) => undoUpload(context, request.params.id, actorOf(request)),
  );
  app.post(
    '/api/v1/uploads/:id/reading',
    {
      schema: {
        tags,
        summary: 'Read a waiting file once more, as told, and remember that; it becomes a new upload',
        params: IdParams,
        body: Reading,
        response: answers({ 201: Upload }),
      },
    },
    async (request, reply) => {
      const locale = requestLocale(request);
      const upload = await rereadUpload(context, request.params.id, request.body, actorOf(request), locale);
      return reply.code(201).send(uploadView(context, await context.project(upload.project), upload, locale));
    },
  );
  app.get(
    '/api/v1/uploads/:id/rejected.csv',
    {
      schema: {
        tags,
        summary:
          'The rejected rows with their reasons, written as the file was, to be corrected and sent again',
        params: IdParams,
        produces: ['text/csv'],
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const upload = await findUpload(context, request.params.id);
      const folder = context.folder(upload.project).upload(upload.id);
      const { rejected } = folder;
      if (!existsSync(rejected)) throw new KaeferError('rejected_rows_not_found', { upload: upload.id });
      const rows = rejectedRowsCsv(createReadStream(rejected), folder, requestLocale(request));
      return sendStream(
        reply,
        Readable.from(rows, { objectMode: false }),
        'text/csv',
        `${plainName(upload.filename)}-rejected.csv`,
      );
    },
  );
  app.post(
    '/api/v1/drafts',
    {
      schema: {
        tags,
        summary: 'Send a CSV file before there is a project for it',
        consumes,
        querystring: FilenameQuery,
        response: answers({ 201: Draft }),
      },
    },
    async (request, reply) => {
      const { content, filename } = await requestFile(context, request, request.query.filename);
      const { received, report } = await receiveDraft(context, content, filename);
      return reply.code(201).send(draftView(received, report, requestLocale(request)));
    },
  );
  app.post(
    '/api/v1/drafts/:draft/reading',
    {
      schema: {
        tags,
        summary:
          'Look at a draft once more, as told; a project that is made of it should have the same reading',
        params: DraftParams,
        body: Reading,
        response: answers({ 200: Draft }),
      },
    },
    async (request) => {
      const { received, report } = await rereadDraft(context, request.params.draft, request.body);
      return draftView(received, report, requestLocale(request));
    },
  );
}
