import { closeSync, openSync, writeSync } from 'node:fs';
import { blocksOf } from '../lake/file-blocks.ts';

const [quote, backslash, lineFeed, carriageReturn, capitalN] = [0x22, 0x5c, 0x0a, 0x0d, 0x4e];
/** What may stand between cells: which of them does is found out later, from the header. */
const delimiters: ReadonlySet<number> = new Set([...',;\t|'].map((sign) => sign.charCodeAt(0)));
const escapedQuote = Buffer.from('\\"');

/** Damaged records may be in a file of either kind: of those that do not fit as doubled quotes, so many may not fit as escaped ones. */
const mostDamaged = 0.1;

/**
 * Whether a text of UTF-8 writes a quotation mark within quotes as `\"`, as MySQL and Spark do, and not doubled. Only where the
 * file tells: read with doubled ones its quotes do not fit together, and with escaped ones they do. A quoted cell that ends
 * with a backslash, such as a folder of Windows, fits as it is.
 */
export function escapesByBackslash(path: string): boolean {
  if (!includesEscapedQuote(path)) return false;
  const [doubled, escaped] = [new MisfitCounter(false), new MisfitCounter(true)];
  for (const bytes of blocksOf(path)) {
    doubled.add(bytes);
    escaped.add(bytes);
  }
  return doubled.misfits > 0 && escaped.misfits <= doubled.misfits * mostDamaged;
}

/**
 * Writes such a text again with doubled quotation marks. Within quotes `\\` is one backslash and a backslash before a line break
 * falls away; before anything else it stands for itself, as in C:\dir. A cell `\N` without quotes is empty: MySQL's NULL.
 */
export function doubleEscapedQuotes(path: string, output: string): void {
  const descriptor = openSync(output, 'w');
  const rewriter = new Rewriter();
  try {
    for (const bytes of blocksOf(path)) writeSync(descriptor, rewriter.rewrite(bytes));
    writeSync(descriptor, rewriter.end());
  } finally {
    closeSync(descriptor);
  }
}

/** Nearly no file has one, and looking for it is quick. */
function includesEscapedQuote(path: string): boolean {
  let endsWithBackslash = false; // the block before
  for (const bytes of blocksOf(path)) {
    if ((endsWithBackslash && bytes[0] === quote) || bytes.includes(escapedQuote)) return true;
    endsWithBackslash = bytes[bytes.length - 1] === backslash;
  }
  return false;
}

const endsCell = (byte: number): boolean =>
  byte === lineFeed || byte === carriageReturn || delimiters.has(byte);

/** Counts the quoted cells after which there is something else than the next cell, or nothing but the end of the file. */
class MisfitCounter {
  readonly #hasEscapes: boolean;
  #misfits = 0;
  #begins = true;
  #isQuoted = false;
  #isEscaped = false;
  #hasClosed = false; // by the byte before

  constructor(hasEscapes: boolean) {
    this.#hasEscapes = hasEscapes;
  }

  get misfits(): number {
    return this.#misfits + (this.#isQuoted ? 1 : 0);
  }

  add(bytes: Buffer): void {
    for (const byte of bytes) {
      if (this.#isQuoted) this.#addQuoted(byte);
      else this.#addPlain(byte);
    }
  }

  #addQuoted(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (this.#hasEscapes && byte === backslash) this.#isEscaped = true;
    else if (byte === quote) [this.#isQuoted, this.#hasClosed] = [false, true];
  }

  #addPlain(byte: number): void {
    const hasClosed = this.#hasClosed;
    this.#hasClosed = false;
    if (hasClosed && byte === quote) {
      this.#isQuoted = true;
      if (this.#hasEscapes) this.#misfits++;
      return;
    }
    if (hasClosed && !endsCell(byte)) this.#misfits++;
    if (byte === quote && this.#begins) this.#isQuoted = true;
    this.#begins = endsCell(byte);
  }
}

class Rewriter {
  #begins = true;
  #isQuoted = false;
  #hasClosed = false;
  /** Bytes that what follows decides about: a backslash within quotes; a backslash, or one and N, at the start of a cell. */
  #held: number[] = [];

  rewrite(bytes: Buffer): Buffer {
    const written = Buffer.allocUnsafe(2 * bytes.length + 2);
    let length = 0;
    const put = (...out: number[]): void => {
      for (const byte of out) written[length++] = byte;
    };
    for (const byte of bytes) {
      if (this.#isQuoted) this.#quoted(byte, put);
      else this.#plain(byte, put);
    }
    return written.subarray(0, length);
  }

  /** What was held when the text ended. */
  end(): Buffer {
    return Buffer.from(this.#isQuoted || this.#held.length < 2 ? this.#held : []);
  }

  #quoted(byte: number, put: (...out: number[]) => void): void {
    if (this.#held.length > 0) {
      this.#held = [];
      if (byte === quote) put(quote, quote);
      else if (byte === backslash || byte === lineFeed || byte === carriageReturn) put(byte);
      else put(backslash, byte);
    } else if (byte === backslash) {
      this.#held = [byte];
    } else {
      if (byte === quote) [this.#isQuoted, this.#hasClosed] = [false, true];
      put(byte);
    }
  }

  #plain(byte: number, put: (...out: number[]) => void): void {
    const isNull = this.#held.length === 2 && endsCell(byte);
    const mayBeNull =
      this.#held.length === 0
        ? this.#begins && byte === backslash
        : this.#held.length === 1 && byte === capitalN;
    if (mayBeNull) {
      this.#held.push(byte);
      this.#begins = false;
      return;
    }
    if (!isNull) put(...this.#held);
    this.#held = [];
    if (byte === quote && (this.#begins || this.#hasClosed)) this.#isQuoted = true;
    this.#hasClosed = false;
    this.#begins = endsCell(byte);
    put(byte);
  }
}
