export { append } from './append.ts';
export type { AppendOptions, AppendResult } from './append.ts';
export type { ChangeOptions } from './change-loop.ts';
export type {
  Action,
  AddFile,
  CommitInfo,
  MetadataAction,
  ProtocolAction,
  RemoveFile,
  TxnAction,
} from './actions.ts';
export type { CleanLogOptions } from './clean-log.ts';
export { changesSql, fetchChanges } from './changes-sql.ts';
export type { ChangesOptions } from './changes-sql.ts';
export type { CommitResult, TableChange } from './commit.ts';
export type { ConflictReason } from './conflict-checks.ts';
export { DeltaError, deltaErrorCodes } from './delta-error.ts';
export type { DeltaErrorCode } from './delta-error.ts';
export { DeltaTable } from './delta-table.ts';
export type { CreateOptions, TableOptions } from './delta-table.ts';
export { deleteWhere, replaceWhere } from './delete-where.ts';
export type { DeleteOptions, DeleteResult, ReplaceOptions, ReplaceResult } from './delete-where.ts';
export { digestOfFile, digestTag, verifyLog } from './file-digest.ts';
export type { LogDamage } from './file-digest.ts';
export type { DeletionVector } from './deletion-vector.ts';
export { MemoryStore } from './memory-store.ts';
export { FolderStore } from './folder-store.ts';
export type { HistoryEntry } from './history.ts';
export type { ObjectStore, StoredObject } from './object-store.ts';
export { optimize } from './optimize.ts';
export type { OptimizeOptions, OptimizeResult } from './optimize.ts';
export { overwrite } from './overwrite.ts';
export type { OverwriteOptions, OverwriteResult } from './overwrite.ts';
export type { Predicate, PredicateValue } from './predicate.ts';
export { fetchScan, scanSql } from './scan-sql.ts';
export type { ScanOptions } from './scan-sql.ts';
export { widens } from './schema-growth.ts';
export { checkSchema, sqlType } from './schema.ts';
export type { DeltaType, Field } from './schema.ts';
export type { Snapshot } from './snapshot.ts';
export { quoteName, quoteText } from './sql-quote.ts';
export { planUpsert, upsert } from './upsert.ts';
export type { UpsertOptions, UpsertPlan, UpsertResult } from './upsert.ts';
export type { UpsertSource } from './match-source.ts';
export type { VacuumOptions } from './vacuum.ts';
export { writeFiles } from './write-files.ts';
export type { WriteOptions } from './write-files.ts';
