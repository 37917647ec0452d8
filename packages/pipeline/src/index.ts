export { databaseOf, lakeOf, ProjectFolder, requireId, UploadFolder } from './lake/layout.ts';
export { sealPage, sealPdf, sha256OfFile } from './lake/seal.ts';
export { namesIn, publishFolder, readJson, writeDurably, writeJsonDurably } from './lake/durable.ts';
export { columnsOfSchema, reservedColumns, widerType, type TableColumn } from './lake/column-types.ts';
export { findCurrentTable, findTable, type CurrentTable } from './lake/project-table.ts';
export {
  datasetEffects,
  recipeOf,
  sourceUploadStates,
  type SourceUploadState,
} from './lake/recipe-commits.ts';
export { rowChanges } from './lake/row-changes.ts';
export { mergedUploadsOf, undoneUploadOf, uploadEffects, uploadStatuses } from './lake/upload-effects.ts';
export type { UploadEffects } from './lake/upload-effects.ts';
export type { HistoryEntry } from '@kaefer/deltalake';
export { formatCell } from './lake/format-cell.ts';
export { readCard, type ModelCard } from './lake/model-card.ts';
export { withConnection, type SqlLimits } from './sql/connection.ts';
export { openDatabase, type Db } from './state/open-database.ts';
export {
  expectationsOf,
  readDefinition,
  settingsOf,
  type ProjectDefinition,
  type ProjectRecord,
} from './state/project-definition.ts';
export * from './state/projects.ts';
export { changeSettings, settingsChanges, type SettingsChange } from './state/settings.ts';
export {
  changeContract,
  contractVersions,
  heldContractOf,
  latestContract,
  type StoredContract,
} from './state/contracts.ts';
export { effectiveContract, goTogether } from './contract/column-rules.ts';
export { contractOf } from './contract/infer-contract.ts';
export { requireSensibleContract } from './contract/require-sensible.ts';
export { publishContract, publishMissingContracts } from './publish/publish-contract.ts';
export { FreeSpace, type FileLimits } from './understand/free-space.ts';
export { encodeIbm850 } from './understand/one-byte-encoding.ts';
export { ownColumns } from './understand/own-columns.ts';
export { safeCell } from './lake/safe-cell.ts';
export { rememberFeedFile } from './state/feed-files.ts';
export { joinClasses } from './state/join-classes.ts';
export * from './state/runs.ts';
export { canMove, openStatuses, transitions, waitsForPeople } from './state/transitions.ts';
export type { Tables } from './state/schema.ts';
export { displayName, receiveFile, type Origin, type Received } from './receive/receive-file.ts';
export { roleOf, type CheckReport, type Expectations, type RejectedRow } from './check/report.ts';
export type { DerivedRows, RecipeRequest } from './recipe/derive-rows.ts';
export { mergeKeyOf, sourceExpectations, type HeldContract } from './state/expectations.ts';
export type { DraftReport } from './check/inspect-draft.ts';
export type { StoredComparison } from './evaluate/stored-comparison.ts';
export { verdictSentence } from './evaluate/verdict-sentence.ts';
export { isLargeEnough, numberInUse } from './evaluate/holdouts.ts';
export {
  changeChampion,
  championOf,
  countLooks,
  decideRun,
  decisionOf,
  toDecision,
  type Choice,
} from './decide/decide.ts';
export {
  answerProposal,
  openProposal,
  proposalOfRun,
  proposeChampion,
  proposeRun,
} from './decide/propose.ts';
export { publishMissingPeople, publishPerson } from './publish/publish-person.ts';
export { publishMissingProposals } from './publish/publish-proposal.ts';
export { addPerson, allPeople, findPerson, foldedName, removePerson } from './state/people.ts';
export { publishMissingDecisions } from './publish/publish-decision.ts';
export { publishMissingSettings, publishSettings } from './publish/publish-settings.ts';
export { publishMissingRuns, publishRun } from './publish/publish-run.ts';
export { auditOfUndo, projectsInLake, rebuildDatabase } from './maintain/rebuild-database.ts';
export { lockDataFolder } from './state/lock-data-folder.ts';
export { ServedModel } from './serve/served-model.ts';
export type { OutcomesRequest } from './outcomes/match-outcomes.ts';
export type { MadePrediction } from './lake/made-prediction.ts';
export { readRecord } from './serve/read-record.ts';
export { partOf, type Split } from './features/split.ts';
export { WorkerPool } from './worker/worker-pool.ts';
export type { JobOptions, WorkerProcess } from './worker/worker-process.ts';
export type { Job, JobProgress, JobResults, MergedUpload } from './worker/job.ts';
