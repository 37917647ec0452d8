import type { Sentence } from '@kaefer/contracts/messages';
import { foldName } from './known-spelling.ts';

/** The columns that a file of rejected rows has beside its own: where a row stood, and why it was rejected. */
export const ownColumns = {
  line: { en: 'Käfer line', 'pt-BR': 'Käfer linha' },
  reason: { en: 'Käfer reason', 'pt-BR': 'Käfer motivo' },
} as const satisfies Record<string, Sentence>;

const names: ReadonlySet<string> = new Set(
  Object.values(ownColumns).flatMap((sentence) => Object.values(sentence).map(foldName)),
);

/** Whether a column is one that Käfer wrote for people: a file that has one was given out by Käfer and is sent again. */
export const isOwnColumn = (name: string): boolean => names.has(foldName(name));

export const isOwnFile = (header: readonly string[]): boolean => header.some(isOwnColumn);
