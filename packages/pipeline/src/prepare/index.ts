export { prepareRun, type PreparationRequest, type Prepared } from './prepare-run.ts';
export type { MatrixFiles } from './write-matrices.ts';
