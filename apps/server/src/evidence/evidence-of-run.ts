import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { locales, type Decision, type Locale, type PendingDecision } from '@kaefer/contracts';
import {
  decideRun,
  decisionOf,
  proposeRun,
  readJson,
  toDecision,
  writeDurably,
  type Choice,
  type RunRecord,
  type StoredComparison,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { comparisonView } from './comparison-view.ts';
import type { Evidence } from './describe-evidence.ts';
import type { EvidenceKind } from './render-evidence.ts';

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
  return context.evidence.render({ evidence, about: 'run', locale, kind });
}

async function collectEvidence(
  context: Context,
  run: RunRecord,
  version: number,
  locale: Locale,
): Promise<Evidence> {
  const { definition } = await context.project(run.project);
  const bytes = readFileSync(context.folder(run.project).model(version).comparison);
  const { uploads, filenames } = await originsOf(context, run.project);
  return {
    project: definition,
    comparison: comparisonView(JSON.parse(bytes.toString('utf8')) as StoredComparison, locale),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    startedAt: run.startedAt ?? run.createdAt,
    decision: (await decisionOf(context.db, run.id)) ?? null,
    uploads: uploads.filter(({ id }) => run.uploads.includes(id)),
    filenames,
  };
}

/** The evidence of a choice from the list of models. */
async function collectChoice(context: Context, decision: Decision, locale: Locale): Promise<Evidence> {
  const { project, run: id, evidence, at } = decision;
  const { definition } = await context.project(project);
  const stored = readJson<StoredComparison>(context.folder(project).decisionComparison(id));
  if (stored === undefined) throw new Error(`the comparison of the decision ${id} is missing`);
  return {
    project: definition,
    comparison: comparisonView(stored, locale, 'versions'),
    sha256: evidence,
    startedAt: at,
    decision,
    uploads: [],
    filenames: (await originsOf(context, project)).filenames,
  };
}

async function originsOf({ db }: Context, project: string) {
  const uploads = await db
    .selectFrom('uploads')
    .select(['id', 'filename', 'sha256'])
    .where('project', '=', project)
    .orderBy('received_at')
    .execute();
  const runs = await db.selectFrom('runs').select(['id', 'uploads']).where('project', '=', project).execute();
  return { uploads, filenames: originNames(uploads, runs) };
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
  if (!existsSync(context.folder(run.project).model(candidate).comparison)) return;
  await keepEvidence(context, run.project, run.id, locale, (told, kind) =>
    evidenceOfRun(context, run, candidate, told, kind),
  );
}

/** {@link storeEvidence} of a choice from the list of models; nothing where it rests on no comparison. */
export async function storeChoiceEvidence(
  context: Context,
  project: string,
  id: string,
  locale: Locale,
): Promise<void> {
  const row = await context.db
    .selectFrom('decisions')
    .selectAll()
    .where('id', '=', id)
    .where('run', 'is', null)
    .where('evidence', '!=', '')
    .executeTakeFirst();
  if (row === undefined) return;
  await keepEvidence(context, project, id, locale, async (told, kind) => {
    const evidence = await collectChoice(context, toDecision(row), told);
    return context.evidence.render({ evidence, about: 'choice', locale: told, kind });
  });
}

async function keepEvidence(
  context: Context,
  project: string,
  id: string,
  locale: Locale,
  make: (locale: Locale, kind: EvidenceKind) => Promise<Buffer>,
): Promise<void> {
  const folder = context.folder(project);
  const page = folder.decisionEvidence(id, 'html');
  const told = existsSync(page) ? languageOfPage(readFileSync(page, 'utf8')) : locale;
  for (const kind of ['html', 'pdf'] as const) {
    const place = folder.decisionEvidence(id, kind);
    if (existsSync(place)) continue;
    mkdirSync(folder.decisions, { recursive: true });
    writeDurably(place, await make(told, kind));
  }
}

function languageOfPage(page: string): Locale {
  return locales.find((locale) => page.includes(`<html lang="${locale}">`)) ?? 'en';
}
