import { checkFile } from '../../src/check/check-file.ts';
import type { CheckReport, Expectations } from '../../src/check/report.ts';
import type { UploadFolder } from '../../src/lake/layout.ts';
import { fileLimitBytes, withFreshConnection } from '../workspace.ts';

/** What a test says of a project; the rest is open. */
export type ProjectFacts = Partial<Expectations> & Pick<Expectations, 'task' | 'target'>;

/** Checks a received file for a project that has no table yet. */
export function checkFirstFile(folder: UploadFolder, project: ProjectFacts): Promise<CheckReport> {
  const expectations = { positive: null, classes: [], key: null, date: null, exclude: [], ...project };
  return withFreshConnection((connection) =>
    checkFile(connection, folder, expectations, undefined, fileLimitBytes),
  );
}
