import type { Dialect } from '@kaefer/contracts';
import type { StoredProblem } from '@kaefer/contracts/messages';
import type { Header } from '../understand/header.ts';
import type { Expectations } from './report.ts';
import type { StagedColumn } from './stage-rows.ts';

/** The header's dialect with the decimal mark that the numbers of the file have, and what of it a person had told. */
export function foundDialect(
  { dialect }: Header,
  columns: readonly StagedColumn[],
  { reading = {} }: Pick<Expectations, 'reading'>,
  problems: readonly StoredProblem[],
): Dialect {
  const hasCommas = columns.some(({ format }) => format === 'decimal_comma');
  const isHeldAgainst = (part: 'decimal' | 'dates' | 'asText'): boolean =>
    problems.some(({ code }) => code === `${part}_contradicted`);
  const told = (['decimal', 'dates', 'asText'] as const).filter(
    (part) => reading[part] !== undefined && !isHeldAgainst(part),
  );
  const remembered = [...(dialect.remembered ?? []), ...told];
  return {
    ...dialect,
    ...(hasCommas ? { decimal: ',' } : {}),
    ...(remembered.length === 0 ? {} : { remembered }),
  };
}
