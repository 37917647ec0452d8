import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import {
  locales,
  type Comparison,
  type Decision,
  type Locale,
  type PendingDecision,
} from '@kaefer/contracts';
import {
  decideRun,
  decisionOf,
  proposeRun,
  verdictSentence,
  sealPage,
  sealPdf,
  writeDurably,
  type Choice,
  type RunRecord,
  type StoredComparison,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { describeEvidence, type Evidence } from './describe-evidence.ts';
import { renderPage } from './render-page.ts';
import { renderPdf } from './render-pdf.ts';
import { EvidenceLanguage } from './texts.ts';

/** A stored comparison as the API shows it, in the reader's language. */
export function comparisonView(stored: StoredComparison, locale: Locale): Comparison {
  const { outcome, metric, margin = 0 } = stored.verdict;
  return { ...stored, verdict: { outcome, metric, margin, sentence: verdictSentence(stored, locale) } };
}

/** A file that can be kept: complete in itself, and sealed. */
export type EvidenceKind = 'html' | 'pdf';

/**
 * The evidence of an evaluated run, as a page or as a PDF of its own.
 *
 * @param version which of its candidates
 */
export async function evidenceOfRun(
  context: Context,
  run: RunRecord,
  version: number,
  locale: Locale,
  kind: EvidenceKind,
): Promise<Buffer> {
  const evidence = await collectEvidence(context, run, version, locale);
  const told = describeEvidence(evidence, new EvidenceLanguage(locale));
  if (kind === 'html') return Buffer.from(sealPage(renderPage(told)));
  return sealPdf(await renderPdf(told, evidence.decision?.at ?? evidence.startedAt));
}

async function collectEvidence(
  context: Context,
  run: RunRecord,
  version: number,
  locale: Locale,
): Promise<Evidence> {
  const { definition } = await context.project(run.project);
  const bytes = readFileSync(context.folder(run.project).model(version).comparison);
  const uploads = await context.db
    .selectFrom('uploads')
    .select(['id', 'filename', 'sha256'])
    .where('project', '=', run.project)
    .orderBy('received_at')
    .execute();
  const runs = await context.db
    .selectFrom('runs')
    .select(['id', 'uploads'])
    .where('project', '=', run.project)
    .execute();
  return {
    project: definition,
    comparison: comparisonView(JSON.parse(bytes.toString('utf8')) as StoredComparison, locale),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    startedAt: run.startedAt ?? run.createdAt,
    decision: (await decisionOf(context.db, run.id)) ?? null,
    uploads: uploads.filter(({ id }) => run.uploads.includes(id)),
    filenames: originNames(uploads, runs),
  };
}

/** What people call the origin of rows: a file, or the files of the run whose recipe made them. */
function originNames(
  uploads: readonly { readonly id: string; readonly filename: string }[],
  runs: readonly { readonly id: string; readonly uploads: string }[],
): Map<string, string> {
  const names = new Map(uploads.map(({ id, filename }) => [id, filename]));
  for (const { id, uploads: list } of runs) {
    const files = JSON.parse(list) as string[];
    if (files.length > 0) names.set(id, files.map((file) => names.get(file) ?? file).join(', '));
  }
  return names;
}

/**
 * Records a person's choice for a run, and keeps what it rested on beside it. In a project that asks for a second person
 * the choice of a new model is only proposed.
 *
 * @throws KaeferError as `decideRun`, `proposeRun`
 */
export async function decideOnEvidence(
  context: Context,
  run: RunRecord,
  choice: Choice & { readonly person?: string | null },
  locale: Locale,
): Promise<Decision | PendingDecision> {
  const { definition, champion } = await context.project(run.project);
  const isDecided = (await decisionOf(context.db, run.id)) !== undefined;
  if (definition.choosing.secondApprover && choice.choice === 'candidate' && !isDecided) {
    const proposed = { ...choice, person: choice.person ?? null };
    return {
      champion,
      proposal: await proposeRun(context.db, context.folder(run.project), run.id, proposed, choice.version),
    };
  }
  const decision = await decideRun(context.db, context.folder(run.project), run.id, choice);
  await storeEvidence(context, run, decision, locale);
  return decision;
}

/**
 * Keeps the evidence beside its decision, as a page and as a PDF, unless they are there: in the language of the one that
 * is there, else in that of whoever decided.
 */
export async function storeEvidence(
  context: Context,
  run: RunRecord,
  { candidate }: Pick<Decision, 'candidate'>,
  locale: Locale,
): Promise<void> {
  const folder = context.folder(run.project);
  if (!existsSync(folder.model(candidate).comparison)) return;
  const page = folder.decisionEvidence(run.id, 'html');
  const told = existsSync(page) ? languageOfPage(readFileSync(page, 'utf8')) : locale;
  for (const kind of ['html', 'pdf'] as const) {
    const place = folder.decisionEvidence(run.id, kind);
    if (existsSync(place)) continue;
    mkdirSync(folder.decisions, { recursive: true });
    writeDurably(place, await evidenceOfRun(context, run, candidate, told, kind));
  }
}

function languageOfPage(page: string): Locale {
  return locales.find((locale) => page.includes(`<html lang="${locale}">`)) ?? 'en';
}
