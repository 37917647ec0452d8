import { checkFile } from '../../src/check/check-file.ts';
import type { CheckReport, Expectations } from '../../src/check/report.ts';
import type { UploadFolder } from '../../src/lake/layout.ts';
import { contractFrom, type ContractFacts } from '../contract/contract-project.ts';
import { fileLimits, withFreshConnection } from '../workspace.ts';

/** What a test says of a project; the rest is open. */
export type ProjectFacts = Omit<Partial<Expectations>, 'contract'> &
  Pick<Expectations, 'task' | 'target'> & { readonly contract?: ContractFacts };

/** Checks a received file for a project that has no table yet. */
export function checkFirstFile(
  folder: UploadFolder,
  { contract, ...project }: ProjectFacts,
  within = withFreshConnection,
): Promise<CheckReport> {
  const expectations = {
    positive: null,
    classes: [],
    key: null,
    date: null,
    exclude: [],
    ...project,
    ...(contract && { contract: { version: 1, isInferred: false, contract: contractFrom(contract) } }),
  };
  return within((connection) => checkFile(connection, folder, expectations, undefined, fileLimits));
}
