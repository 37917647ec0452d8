import { hash } from 'node:crypto';
import { DeltaError } from './delta-error.ts';

/** Of every commit of this package. */
export const ownEngine = 'kaefer-deltalake/';

const unsealed = '{"commitInfo":{';
const unsealedBytes = Buffer.from(unsealed, 'utf8');
const sealStart = `${unsealed}"sha256":"`;
const sealPattern = /^\{"commitInfo":\{"sha256":"([0-9a-f]{64})",/;
/** Bytes of a seal with what stands before it. */
const sealBytes = sealStart.length + 64 + '",'.length;

/** In one call: a table of thousands of commits is opened by as many digests. */
const digestOf = (data: Buffer): string => hash('sha256', data, 'hex');

/**
 * A commit that begins with its `commitInfo`, with the SHA-256 of all its bytes but these put into it. The seal stands
 * first: whatever is cut off the end of the file, it stays and no longer holds.
 */
export function sealCommit(data: Buffer): Buffer {
  if (!data.toString('latin1', 0, unsealed.length).startsWith(unsealed))
    throw new Error('a commit of ours begins with its commitInfo');
  return Buffer.concat([
    Buffer.from(`${sealStart}${digestOf(data)}",`, 'utf8'),
    data.subarray(unsealed.length),
  ]);
}

/** Whether a commit has the bytes that were sealed; undefined for one of another writer. */
export function isIntact(data: Buffer): boolean | undefined {
  const stated = sealPattern.exec(data.toString('latin1', 0, sealBytes))?.[1];
  if (stated === undefined) return saysOurs(data) ? false : undefined;
  return digestOf(Buffer.concat([unsealedBytes, data.subarray(sealBytes)])) === stated;
}

/**
 * Whether a commit without a whole seal is one that had it: what is left of the seal says so, or its first line with a
 * digest anywhere. Our first tables had neither seals nor digests, and stay readable.
 */
function saysOurs(data: Buffer): boolean {
  if (data.toString('latin1', 0, sealStart.length) === sealStart) return true;
  const end = data.indexOf('\n');
  const firstLine = end === -1 ? data : data.subarray(0, end);
  return firstLine.includes(`"engineInfo":"${ownEngine}`) && data.includes('"sha256"');
}

/**
 * @param path named in the error
 * @throws DeltaError `log_corrupt` for a commit of this package that has not the bytes that were sealed
 */
export function checkIntact(data: Buffer, path: string): void {
  if (isIntact(data) !== false) return;
  throw new DeltaError(
    'log_corrupt',
    `The log file ${path} (${data.length} bytes) does not have the SHA-256 that it was written with: it was truncated or changed after it was committed. Restore it from a backup.`,
  );
}
