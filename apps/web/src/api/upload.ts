import { PredictionNotes, predictionNotesHeader, type Problem } from '@kaefer/contracts';
import { i18n } from '../i18n/index.ts';
import { apiPath, errorOfAnswer, errorOfConnection, parseAnswer, type Schema } from './client.ts';

export interface FileTransfer {
  readonly path: string;
  readonly file: Blob;
  /** Share of the bytes that have left, 0 to 1; 1 while the server still checks. */
  readonly onProgress: (share: number) => void;
  readonly signal?: AbortSignal;
}

export interface FileAnswer {
  readonly text: string;
  /** What the server noticed about the file, where its answer is a file itself. */
  readonly notes: readonly Problem[];
}

/**
 * Streams a file of any kind to the server and returns its answer. XMLHttpRequest, because fetch does not
 * tell how much has been sent.
 */
export function sendFile({ path, file, onProgress, signal }: FileTransfer): Promise<FileAnswer> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', apiPath(path));
    xhr.setRequestHeader('Content-Type', 'application/octet-stream');
    xhr.setRequestHeader('Accept-Language', i18n.language);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    xhr.upload.onload = () => onProgress(1);
    xhr.onload = () => {
      if (xhr.status >= 200 && xhr.status < 300) resolve({ text: xhr.responseText, notes: notesOf(xhr) });
      else reject(errorOfAnswer(xhr.status, xhr.responseText));
    };
    xhr.onerror = () => reject(errorOfConnection());
    xhr.onabort = () => reject(new DOMException('The transfer was stopped.', 'AbortError'));
    signal?.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(file);
  });
}

function notesOf(xhr: XMLHttpRequest): readonly Problem[] {
  const header = xhr.getResponseHeader(predictionNotesHeader);
  return header === null ? [] : parseAnswer(PredictionNotes, JSON.parse(header));
}

/** The same for answers in JSON. */
export async function uploadFile<T>(transfer: FileTransfer, schema: Schema<T>): Promise<T> {
  return parseAnswer(schema, JSON.parse((await sendFile(transfer)).text));
}
