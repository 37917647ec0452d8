import type { FastifyReply } from 'fastify';
import { predictionNotesHeader, type Locale, type StoredProblem } from '@kaefer/contracts';
import { problemView } from '../views/upload-view.ts';

/** Node's HTTP client, among others, takes no more than 16 KiB of headers. */
const mostCharacters = 8000;

/** Says in a header what was noticed about a file that was sent: the first of it, if it is very much. */
export function addNotes(reply: FastifyReply, problems: readonly StoredProblem[], locale: Locale): void {
  const notes: string[] = [];
  let characters = 2;
  for (const { examples: _, ...problem } of problems) {
    const note = inAscii(JSON.stringify(problemView(problem, locale)));
    characters += note.length + 1;
    if (characters > mostCharacters) break;
    notes.push(note);
  }
  if (notes.length > 0) reply.header(predictionNotesHeader, `[${notes.join(',')}]`);
}

const inAscii = (json: string): string =>
  json.replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
