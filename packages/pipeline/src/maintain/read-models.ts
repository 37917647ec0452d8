import { existsSync, readdirSync } from 'node:fs';
import type { Selectable } from 'kysely';
import type { StoredComparison } from '../evaluate/stored-comparison.ts';
import { readJson } from '../lake/durable.ts';
import type { ProjectFolder } from '../lake/layout.ts';
import { readCard } from '../lake/model-card.ts';
import type { ModelsTable } from '../state/schema.ts';

/** Versions of the models in a project's folder, ascending. */
export function modelVersions(folder: ProjectFolder): number[] {
  if (!existsSync(folder.models)) return [];
  return readdirSync(folder.models)
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** The models as the database has them: each with the figures of the last comparison that it was in. */
export function readModels(folder: ProjectFolder): Selectable<ModelsTable>[] {
  const models = new Map<number, Selectable<ModelsTable>>();
  for (const version of modelVersions(folder)) {
    const place = folder.model(version);
    const card = readCard(place);
    if (card === undefined) continue;
    const { project, run, createdAt: created_at } = card;
    models.set(version, { project, version, run, created_at, metrics: '{}', holdout_rows: 0, verdict: null });
    const comparison = readJson<StoredComparison>(place.comparison);
    if (comparison === undefined) continue;
    for (const result of [comparison.current, comparison.candidate]) {
      const model = result === null ? undefined : models.get(result.model.version);
      if (model === undefined || result === null) continue;
      model.metrics = JSON.stringify(result.metrics);
      model.holdout_rows = comparison.holdout.rows;
    }
    (models.get(version) as Selectable<ModelsTable>).verdict = comparison.verdict.outcome;
  }
  return [...models.values()];
}
