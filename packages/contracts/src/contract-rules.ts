import type { StoredProblem, UploadProblemCode } from './upload-problem-catalogue.ts';

/**
 * What a contract does about a finding: refuse the file; leave the rows out; only say it; nothing. In this order a later one
 * is never stricter.
 */
export const ruleActions = ['reject_file', 'reject_rows', 'warn', 'ignore'] as const;
export type RuleAction = (typeof ruleActions)[number];

interface Rule {
  /** What may be chosen; what would load a wrong or an arbitrary value is not among it. */
  readonly actions: readonly RuleAction[];
  readonly byDefault: RuleAction;
  /** Whether a column may have an action of its own. */
  readonly ofColumn: boolean;
  /** The findings that it decides about. */
  readonly codes: readonly UploadProblemCode[];
}

const all = ruleActions;
const rows = ['reject_file', 'reject_rows'] as const;
const file = ['reject_file', 'warn', 'ignore'] as const;

const rule = (
  ofColumn: boolean,
  actions: readonly RuleAction[],
  byDefault: RuleAction,
  ...codes: UploadProblemCode[]
): Rule => ({ actions, byDefault, ofColumn, codes });

/** The rules of a contract, in the order in which they are shown. */
export const contractRules = {
  missing_column: rule(true, file, 'warn', 'missing_column'),
  type_changed: rule(true, all, 'warn', 'type_widened', 'not_an_integer', 'has_time'),
  wrong_type: rule(
    true,
    rows,
    'reject_rows',
    'not_a_number',
    'not_a_date',
    'not_a_boolean',
    'too_many_digits',
  ),
  leading_zeros: rule(true, all, 'warn', 'leading_zeros'),
  missing_value: rule(true, all, 'reject_rows', 'value_missing'),
  out_of_range: rule(true, all, 'warn', 'out_of_range'),
  not_allowed: rule(true, all, 'reject_rows', 'value_not_allowed'),
  not_unique: rule(true, all, 'reject_rows', 'value_repeated'),
  new_category: rule(true, all, 'warn', 'new_category'),
  nulls_rising: rule(true, file, 'warn', 'nulls_rising'),
  drift: rule(true, file, 'warn', 'drifted'),
  unknown_column: rule(false, file, 'warn', 'new_column'),
  renamed_column: rule(false, file, 'warn', 'maybe_renamed'),
  malformed_row: rule(false, rows, 'reject_rows', 'structure'),
  key_missing: rule(false, rows, 'reject_rows', 'key_missing'),
  target_missing: rule(false, rows, 'reject_rows', 'target_missing'),
  target_unknown: rule(false, rows, 'reject_rows', 'target_unknown'),
  duplicate_key: rule(false, rows, 'reject_rows', 'duplicate_key'),
  contradicting_key: rule(
    false,
    ['reject_file', 'reject_rows', 'warn'],
    'warn',
    'contradicting_key',
    'contradicting_rows',
  ),
  contradicting_labels: rule(false, all, 'warn', 'contradicting_labels'),
  target_constant: rule(false, file, 'warn', 'target_constant'),
  sent_before: rule(false, file, 'warn', 'sent_before'),
  small_file: rule(false, file, 'warn', 'small_file'),
  stale_data: rule(false, file, 'warn', 'stale_data'),
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof contractRules;
export const ruleNames = Object.keys(contractRules) as RuleName[];
export const columnRuleNames = ruleNames.filter((name) => contractRules[name].ofColumn);

/** What a contract says where nobody has said anything. */
export const contractDefaults = {
  driftLimit: 0.25,
  nullsLimit: 0.1,
  smallFileShare: 0.1,
  rejectedRows: 'leave_out',
} as const;

export type RuleChoices = Readonly<Partial<Record<RuleName, RuleAction | undefined>>>;

/** As much of a contract as the rules need. */
export interface RuleBook {
  readonly rules: RuleChoices;
  readonly columns: readonly { readonly name: string; readonly rules: RuleChoices }[];
}

/** What holds for a column, or for a file as a whole: the column's own choice, else the contract's, else the default. */
export function actionOf(book: RuleBook | undefined, name: RuleName, column?: string): RuleAction {
  const own =
    column === undefined
      ? undefined
      : book?.columns.find((candidate) => candidate.name === column)?.rules[name];
  return own ?? book?.rules[name] ?? contractRules[name].byDefault;
}

const ruleOfCode = new Map<UploadProblemCode, RuleName>(
  ruleNames.flatMap((name) => contractRules[name].codes.map((code) => [code, name] as const)),
);

/** A finding as the contract judges it; undefined when it is to be ignored. What no rule decides about stays as it is. */
export function judgeProblem(problem: StoredProblem, book: RuleBook | undefined): StoredProblem | undefined {
  const name = ruleOfCode.get(problem.code);
  if (name === undefined) return problem;
  const action = actionOf(book, name, problem.column);
  if (action === 'ignore') return undefined;
  return action === 'reject_file' ? { ...problem, severity: 'error' } : problem;
}

/** The stricter of two actions. */
export const stricterAction = (a: RuleAction, b: RuleAction): RuleAction =>
  ruleActions.indexOf(a) <= ruleActions.indexOf(b) ? a : b;
