import type { Locale } from '@kaefer/contracts';
import { describeEvidence, type Evidence } from './describe-evidence.ts';
import { renderPage } from './render-page.ts';
import { renderPdf } from './render-pdf.ts';
import { EvidenceLanguage } from './texts.ts';

/** A file that can be kept: complete in itself. */
export type EvidenceKind = 'html' | 'pdf';

export interface Rendering {
  readonly evidence: Evidence;
  /** What the evidence is of: a run's new model, or a choice from the list of models. */
  readonly about: 'run' | 'choice';
  readonly locale: Locale;
  readonly kind: EvidenceKind;
}

/** Evidence as a page, UTF-8, or as a PDF; not sealed yet. The default export is what a thread does. */
export default async function renderEvidence({
  evidence,
  about,
  locale,
  kind,
}: Rendering): Promise<Uint8Array<ArrayBuffer>> {
  const told = describeEvidence(evidence, new EvidenceLanguage(locale, about));
  return new Uint8Array(
    kind === 'html'
      ? Buffer.from(renderPage(told))
      : await renderPdf(told, evidence.decision?.at ?? evidence.startedAt),
  );
}
