import type { Draft, ProjectCreationInput, Reading, Task } from '@kaefer/contracts';

/** One report of a project that is being created, with the file that was dropped for it. */
export interface ReportChoice {
  readonly draft: Draft;
  /** What was said of how it is written. */
  readonly reading: Reading;
  readonly name: string;
  readonly key: readonly string[];
}

/** What the form holds; text is empty where nothing was written. */
export interface ReportsProject {
  readonly name: string;
  readonly task: Task;
  readonly target: string;
  readonly positive: string;
  readonly key: string;
  readonly reports: readonly ReportChoice[];
}

export type ReportProblem = 'name' | 'twice' | 'key' | 'needed' | 'reports';

const sourceName = /^[a-z][a-z0-9_]{0,39}$/;

/** A file's name as a recipe could call it: “Check results 2026-06.csv” becomes `check_results`. */
export function sourceNameOf(filename: string): string {
  const words = filename
    .replace(/\.[a-z0-9]{1,7}$/i, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '' && word !== 'csv' && word !== 'simulated');
  const name = words.join('_').slice(0, 40).replace(/_+$/, '');
  return sourceName.test(name) ? name : 'report';
}

/** A dropped file as a report; its key is what Käfer found to name each row. */
export function reportOf(draft: Draft, others: readonly ReportChoice[]): ReportChoice {
  const wanted = sourceNameOf(draft.filename);
  const taken = new Set(others.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  return { draft, reading: {}, name, key: draft.suggestions.keys.slice(0, 1) };
}

/** What keeps a report from being one, by field. */
export function problemsOfReport(
  { name, key }: ReportChoice,
  others: readonly ReportChoice[],
): { readonly name?: ReportProblem; readonly key?: ReportProblem } {
  return {
    ...(sourceName.test(name)
      ? others.some((other) => other.name === name) && { name: 'twice' as const }
      : { name: 'name' as const }),
    ...(key.length === 0 && { key: 'key' as const }),
  };
}

/** What keeps the whole from making a project. */
export function problemsOfProject({
  name,
  target,
  key,
  reports,
}: ReportsProject): Partial<Record<'name' | 'target' | 'key' | 'reports', ReportProblem>> {
  const isWrong = reports.some(
    (report) =>
      Object.keys(
        problemsOfReport(
          report,
          reports.filter((other) => other !== report),
        ),
      ).length > 0,
  );
  return {
    ...(name.trim() === '' && { name: 'needed' as const }),
    ...(target.trim() === '' && { target: 'needed' as const }),
    ...(key.trim() === '' && { key: 'needed' as const }),
    ...((reports.length === 0 || isWrong) && { reports: 'reports' as const }),
  };
}

export function toReportsProject({
  name,
  task,
  target,
  positive,
  key,
  reports,
}: ReportsProject): ProjectCreationInput {
  return {
    name: name.trim(),
    task,
    target: target.trim(),
    key: key.trim(),
    ...(task === 'binary' && positive.trim() !== '' && { positive: positive.trim() }),
    sources: reports.map(({ name: source, key: columns, reading }) => ({
      name: source,
      key: [...columns],
      reading,
    })),
  };
}
