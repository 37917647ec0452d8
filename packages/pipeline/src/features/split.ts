import { createHash } from 'node:crypto';
import { quoteText } from '../sql/quote.ts';

/** Which rows are for what; the salt belongs to the project for ever, so no row ever moves. */
export interface Split {
  readonly salt: string;
  /** Share of the rows that no model trains on, 0 to 1. */
  readonly holdoutShare: number;
  /** Share of the training rows that stop the training and set the threshold, 0 to 1. */
  readonly validationShare: number;
}

export type Part = 'holdout' | 'validation' | 'training';

/**
 * The 32-bit fraction below `share` as eight hex digits: text order of hex digits is the order of the numbers. A
 * share of 1 has no such fraction; its boundary sorts after every digit.
 */
function boundary(share: number): string {
  const end = Math.ceil(share * 2 ** 32);
  return end >= 2 ** 32 ? 'g' : end.toString(16).padStart(8, '0');
}

/**
 * The part a row belongs to, by its key's text: holdout when the first 32 bits of md5(salt + key), read as a fraction
 * of 2^32, are below the holdout's share; else validation when the next 32 bits are below the validation's share.
 */
export function partOf(split: Split, key: string): Part {
  const digest = createHash('md5').update(split.salt).update(key).digest('hex');
  if (digest.slice(0, 8) < boundary(split.holdoutShare)) return 'holdout';
  return digest.slice(8, 16) < boundary(split.validationShare) ? 'validation' : 'training';
}

/** The same in SQL: the part of a row, given a text expression for its key. */
export function partSql(split: Split, key: string): string {
  const digest = `md5(${quoteText(split.salt)} || ${key})`;
  return (
    `CASE WHEN ${digest} < ${quoteText(boundary(split.holdoutShare))} THEN 'holdout' ` +
    `WHEN substr(${digest}, 9, 8) < ${quoteText(boundary(split.validationShare))} THEN 'validation' ELSE 'training' END`
  );
}

/**
 * SQL that draws a share of the rows by their keys, the same ones each time; another purpose draws others.
 *
 * @param key text expression for the row's key
 */
export function drawnSql({ salt }: Split, purpose: string, key: string, share: number): string {
  return `(md5(${quoteText(`${salt}${purpose}`)} || ${key}) < ${quoteText(boundary(share))})`;
}
