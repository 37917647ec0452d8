import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { Comparison, Decision, Locale } from '@kaefer/contracts';
import {
  decideRun,
  decisionOf,
  verdictSentence,
  sealPage,
  writeDurably,
  type Choice,
  type RunRecord,
  type StoredComparison,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { renderEvidence } from './render-evidence.ts';
import { EvidenceLanguage } from './texts.ts';

/** A stored comparison as the API shows it, in the reader's language. */
export function comparisonView(stored: StoredComparison, locale: Locale): Comparison {
  const { outcome, metric } = stored.verdict;
  return { ...stored, verdict: { outcome, metric, sentence: verdictSentence(stored, locale) } };
}

/**
 * The evidence of an evaluated run as a page of its own.
 *
 * @param path of the stored comparison
 */
export async function evidenceOfRun(
  context: Context,
  run: RunRecord,
  path: string,
  locale: Locale,
): Promise<string> {
  const { definition } = await context.project(run.project);
  const bytes = readFileSync(path);
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
  const page = renderEvidence(
    {
      project: definition,
      comparison: comparisonView(JSON.parse(bytes.toString('utf8')) as StoredComparison, locale),
      sha256: createHash('sha256').update(bytes).digest('hex'),
      startedAt: run.startedAt ?? run.createdAt,
      decision: (await decisionOf(context.db, run.id)) ?? null,
      uploads: uploads.filter(({ id }) => run.uploads.includes(id)),
      filenames: originNames(uploads, runs),
    },
    new EvidenceLanguage(locale),
  );
  return sealPage(page);
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
 * Records a person's choice for a run, and keeps what it rested on beside it.
 *
 * @throws KaeferError as `decideRun`
 */
export async function decideOnEvidence(
  context: Context,
  run: RunRecord,
  choice: Choice,
  locale: Locale,
): Promise<Decision> {
  const decision = await decideRun(context.db, context.folder(run.project), run.id, choice);
  await storeEvidence(context, run, decision, locale);
  return decision;
}

/** Keeps the evidence beside its decision, in the language of whoever decided, unless it is there. */
export async function storeEvidence(
  context: Context,
  run: RunRecord,
  { candidate }: Pick<Decision, 'candidate'>,
  locale: Locale,
): Promise<void> {
  const folder = context.folder(run.project);
  const place = folder.decisionEvidence(run.id);
  const { comparison } = folder.model(candidate);
  if (existsSync(place) || !existsSync(comparison)) return;
  mkdirSync(folder.decisions, { recursive: true });
  writeDurably(place, await evidenceOfRun(context, run, comparison, locale));
}
