import { Contract, type ContractColumn, type ContractInput } from '@kaefer/contracts';
import type { Expectations } from '../../src/check/report.ts';
import { plainColumn } from '../../src/contract/column-rules.ts';
import { TestProject } from '../project.ts';

/** What a test says of a column: its name and type are needed, the rest is open. */
export type ColumnFacts = Partial<ContractColumn> & Pick<ContractColumn, 'name' | 'type'>;

export interface ContractFacts extends Omit<ContractInput, 'columns'> {
  readonly columns?: readonly ColumnFacts[];
}

export function contractFrom({ columns = [], ...facts }: ContractFacts): Contract {
  return Contract.parse({
    ...facts,
    columns: columns.map((column) => ({ ...plainColumn(column.name, column.type), ...column })),
  });
}

/** A project with a contract that a person has edited. */
export function projectWith(
  path: string,
  contract: ContractFacts,
  expectations: Partial<Expectations & { readonly target: string }> = {},
): TestProject {
  return new TestProject(path, {
    task: 'binary',
    target: 'y',
    key: 'id',
    ...expectations,
    contract: { version: 1, isInferred: false, contract: contractFrom(contract) },
  });
}
