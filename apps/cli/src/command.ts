import type { Locale, Parameters, Sentence } from '@kaefer/contracts';
import { ClientError, type Client } from './client.ts';
import { say, type TextName } from './texts.ts';

/** What a command is given: its words after the name, and its options. */
export interface Call {
  readonly client: Client;
  readonly locale: Locale;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

export interface Command {
  /** How it is written, for the help. */
  readonly usage: string;
  readonly summary: Sentence;
  /** @returns the exit code */
  run(call: Call): Promise<number>;
}

export function mistake({ locale }: Call, name: TextName, parameters: Parameters): ClientError {
  return new ClientError('usage', say(name, locale, parameters));
}

/** The word at a place, or a complaint that names it. */
export function word(call: Call, index: number, name: string): string {
  const value = call.words[index];
  if (value === undefined) throw mistake(call, 'missing', { name });
  return value;
}

export function textOption({ options }: Call, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

export function wholeNumber(call: Call, name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw mistake(call, 'notWhole', { name, value });
  return Number(value);
}

export function oneOf(call: Call, name: string, value: string, choices: readonly string[]): string {
  if (!choices.includes(value)) throw mistake(call, 'notOneOf', { name, value, choices: choices.join(', ') });
  return value;
}

export function noteOf(call: Call): { note?: string } {
  const note = textOption(call, 'note');
  return note === undefined ? {} : { note };
}
