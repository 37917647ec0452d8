import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from './file-blocks.ts';

/** How a file stands to the digest that was recorded of it. */
export type Intactness = 'intact' | 'altered' | 'missing';

/** Beside the files of a folder that was published whole; `sha256sum -c SHA256SUMS` reads it, too. */
export const sumsName = 'SHA256SUMS';
const sealKey = '_sha256';

const digestOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The SHA-256 of a file in hexadecimal, read piece by piece. */
export function sha256OfFile(path: string): string {
  const digest = createHash('sha256');
  for (const bytes of blocksOf(path)) digest.update(bytes);
  return digest.digest('hex');
}

/** The text of a JSON object, indented by one, with the SHA-256 of that text as its first property. */
export function sealJson(text: string): string {
  return text.startsWith('{\n') ? `{\n "${sealKey}": "${digestOf(text)}",\n${text.slice(2)}` : text;
}

const sealedJson = new RegExp(`^\\{\\n "${sealKey}": "([^"]*)",\\n`);

export function withoutSeal<T>(value: T): T {
  if (typeof value !== 'object' || value === null || !(sealKey in value)) return value;
  const { [sealKey]: _seal, ...rest } = value;
  return rest as T;
}

const sealedPage = /<!-- sha256 ([^ ]*) -->\n$/;

/** A page with the SHA-256 of all its bytes in a comment at the end. */
export function sealPage(text: string): string {
  return `${text}<!-- sha256 ${digestOf(text)} -->\n`;
}

/** Below the end of a PDF its readers look at nothing. */
const sealedPdf = /%sha256 ([^ ]*)\n$/;

/** A PDF with the SHA-256 of all its bytes in a comment after its end. */
export function sealPdf(bytes: Uint8Array): Buffer {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return Buffer.concat([bytes, Buffer.from(`%sha256 ${digest}\n`)]);
}

function checkPdf(bytes: Buffer): Intactness | undefined {
  const [seal, stated] = sealedPdf.exec(bytes.subarray(-200).toString('latin1')) ?? [];
  if (seal === undefined) return undefined;
  const sealed = bytes.subarray(0, bytes.length - seal.length);
  return createHash('sha256').update(sealed).digest('hex') === stated ? 'intact' : 'altered';
}

/** Whether a JSON file, a page or a PDF has the bytes that were sealed; undefined when it carries no seal. */
export function checkSeal(path: string): Intactness | undefined {
  if (path.endsWith('.pdf')) return checkPdf(readFileSync(path));
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.html')) {
    const [seal, stated] = sealedPage.exec(text) ?? [];
    if (seal === undefined) return undefined;
    return digestOf(text.slice(0, -seal.length)) === stated ? 'intact' : 'altered';
  }
  const [seal, stated] = sealedJson.exec(text) ?? [];
  if (seal === undefined) return undefined;
  return digestOf(`{\n${text.slice(seal.length)}`) === stated ? 'intact' : 'altered';
}

const sealedSums = /# sha256 (.*)\n$/;

/** Lists the SHA-256 of a folder's files in it, and in a comment at the end that of the list. */
export function writeSums(folder: string): void {
  const names = readdirSync(folder)
    .filter((name) => name !== sumsName && statSync(join(folder, name)).isFile())
    .sort();
  const list = names.map((name) => `${sha256OfFile(join(folder, name))}  ${name}\n`).join('');
  writeFileSync(join(folder, sumsName), `${list}# sha256 ${digestOf(list)}\n`);
}

/** How the files that are listed in a folder are; of a list that was altered only that. */
export function checkSums(folder: string): Map<string, Intactness> {
  const text = readFileSync(join(folder, sumsName), 'utf8');
  const [seal, stated] = sealedSums.exec(text) ?? [];
  const list = seal === undefined ? text : text.slice(0, -seal.length);
  if (digestOf(list) !== stated) return new Map([[sumsName, 'altered']]);
  const lines = list.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, Intactness] => {
      const [digest, name = ''] = line.split('  ');
      const path = join(folder, name);
      if (!existsSync(path)) return [name, 'missing'];
      return [name, sha256OfFile(path) === digest ? 'intact' : 'altered'];
    }),
  );
}
