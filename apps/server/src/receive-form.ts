import type { Readable } from 'node:stream';
import { toStoredError, type Locale, type UploadBatch } from '@kaefer/contracts';
import type { ProjectRecord } from '@kaefer/pipeline';
import type { Context } from './context.ts';
import { receiveUpload, type Sender } from './uploads.ts';
import { errorView } from './views/error-view.ts';
import { uploadView } from './views/upload-view.ts';

type Item = UploadBatch['items'][number];

/**
 * Takes the files of a form one after another, each as an upload of its own: one that is refused does not keep the others
 * out. A form of a single file is answered like a file that was sent as it is.
 *
 * @returns what became of each, or the upload of the only one
 * @throws what refused the only file
 */
export async function receiveForm(
  context: Context,
  project: ProjectRecord,
  files: AsyncIterable<{ readonly content: Readable; readonly filename: string }>,
  { filename: asked, ...sender }: Sender,
  locale: Locale,
): Promise<UploadBatch | { readonly only: NonNullable<Item['upload']> } | undefined> {
  const items: Item[] = [];
  let refusal: unknown;
  const refuse = (filename: string | null, error: unknown): void => {
    refusal = error;
    items.push({ filename, upload: null, error: errorView(toStoredError(error), locale) });
  };
  try {
    for await (const { content, filename } of files)
      try {
        const name = items.length === 0 ? (asked ?? filename) : filename;
        const upload = await receiveUpload(context, project, content, { ...sender, filename: name });
        items.push({
          filename: upload.filename,
          upload: uploadView(context, project, upload, locale),
          error: null,
        });
      } catch (error) {
        content.destroy();
        context.log.info({ err: error, filename }, 'a file of a form was refused');
        refuse(filename, error);
        // The form ended in the middle of this file: nothing comes after it.
        if (toStoredError(error).code === 'upload_interrupted') break;
      }
  } catch (error) {
    if (items.length === 0) throw error;
    refuse(null, error);
  }
  const [only] = items;
  if (only === undefined) return undefined;
  if (items.length > 1) return { items };
  if (only.upload === null) throw refusal;
  return { only: only.upload };
}
