import type { Comparison, ModelResult } from '@kaefer/contracts';
import type { Series } from './evidence-document.ts';
import type { EvidenceLanguage } from './texts.ts';

/** One of the compared models, with what it is called. */
export interface Side {
  readonly kind: Series['kind'];
  readonly name: string;
  readonly result: ModelResult;
}

/** The models there are, the current one first. */
export function sidesOf({ current, candidate }: Comparison, language: EvidenceLanguage): Side[] {
  const side = (kind: Side['kind'], result: ModelResult): Side => ({
    kind,
    name: language.say(kind, { version: String(result.model.version) }),
    result,
  });
  return [...(current === null ? [] : [side('current', current)]), side('candidate', candidate)];
}
