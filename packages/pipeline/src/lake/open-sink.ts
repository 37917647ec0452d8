import { createWriteStream, openSync, type WriteStream } from 'node:fs';

/**
 * A stream into a file that is there from now on. A stream that opens its file itself may still create it after a
 * pipeline has failed, and so after whoever cleans up has removed it.
 */
export function openSink(path: string): WriteStream {
  return createWriteStream(path, { fd: openSync(path, 'w') });
}
