import { z } from 'zod';
import {
  columnRuleNames,
  contractDefaults,
  contractRules,
  ruleNames,
  type RuleName,
} from './contract-rules.ts';
import { ColumnType } from './upload.ts';

const columnName = z.string().min(1).max(200);

const actionsOf = (name: RuleName) => z.enum(contractRules[name].actions);

function choices<const Name extends RuleName>(names: readonly Name[]) {
  const shape = Object.fromEntries(names.map((name) => [name, actionsOf(name).optional()]));
  return z.strictObject(shape as { [Key in Name]: z.ZodOptional<ReturnType<typeof actionsOf>> });
}

/** A number for columns of numbers; a day or an instant, ISO 8601, for dates and times. */
const Bound = z.union([z.number(), z.iso.date(), z.iso.datetime({ offset: true })]);

/** What is agreed of one column. */
export const ContractColumn = z.strictObject({
  name: columnName,
  /** Other names that files have for it; case and accents make no difference. */
  synonyms: z.array(columnName).max(50).default([]),
  type: ColumnType,
  /** Whether each row must have a value. */
  required: z.boolean().default(false),
  min: Bound.nullable().default(null),
  max: Bound.nullable().default(null),
  /** The values that may be, as text; null: any. For texts, whole numbers and booleans. */
  allowed: z.array(z.string().min(1).max(500)).min(1).max(1000).nullable().default(null),
  /** Whether no two rows may have the same value. */
  unique: z.boolean().default(false),
  /** Where it differs from the rules of the contract. */
  rules: choices(columnRuleNames).default({}),
});
export type ContractColumn = z.infer<typeof ContractColumn>;

/** What is agreed of the files of a project, or of one of its reports. */
export const Contract = z.strictObject({
  columns: z.array(ContractColumn).max(4096),
  /** What is done about each kind of finding; what is left out has its default. */
  rules: choices(ruleNames).default({}),
  /** Population stability index from which a column counts as drifted. */
  driftLimit: z.number().gt(0).max(100).default(contractDefaults.driftLimit),
  /** By how much the share of missing values of a column may rise, 0 to 1. */
  nullsLimit: z.number().gt(0).max(1).default(contractDefaults.nullsLimit),
  /** A file with fewer rows than this share of the usual is suspiciously small. */
  smallFileShare: z.number().min(0).max(1).default(contractDefaults.smallFileShare),
  /** The newest value of a column of dates may be so many days old when the file arrives. */
  freshness: z
    .strictObject({ column: columnName, days: z.number().gt(0).max(36_500) })
    .nullable()
    .default(null),
  /** Whether good rows are taken where others are rejected, or a file goes in whole or not at all. */
  rejectedRows: z.enum(['leave_out', 'refuse_file']).default(contractDefaults.rejectedRows),
});
export type Contract = z.infer<typeof Contract>;
export type ContractInput = z.input<typeof Contract>;

/** A contract as it is now, with what the project and its data settle. */
export const ContractState = z.object({
  /** Null: of the project's own files. */
  source: z.string().nullable(),
  /** 0: nothing was stored yet, and this is inferred from the data; else grows by one with each change. */
  version: z.int(),
  /** Nobody has edited it: it is what Käfer took from the first file. */
  isInferred: z.boolean(),
  contract: Contract,
  /** What cannot be chosen. */
  columns: z.array(
    z.object({
      name: z.string(),
      role: z.enum(['key', 'target', 'date', 'feature', 'excluded']),
      /** Type in the data; null where the data has no such column. */
      tableType: ColumnType.nullable(),
    }),
  ),
  note: z.string().nullable(),
  /** Null for an inferred one. */
  changedBy: z.string().nullable(),
  changedAt: z.iso.datetime().nullable(),
});
export type ContractState = z.infer<typeof ContractState>;

/** A contract after a change, and how many waiting files were checked again by it. */
export const ContractSaved = ContractState.extend({ rechecked: z.int() });
export type ContractSaved = z.infer<typeof ContractSaved>;

export const ContractChange = z.strictObject({
  contract: Contract,
  /** The version that was edited; the same as the header If-Match. Another one by now is refused. */
  version: z.int().min(0).optional(),
  note: z.string().trim().max(2000).optional(),
});
export type ContractChange = z.infer<typeof ContractChange>;

/** One version of a contract. */
export const ContractVersion = ContractState.omit({ columns: true, source: true });
export type ContractVersion = z.infer<typeof ContractVersion>;
