import { Stage, type Run } from '@kaefer/contracts';

export type StageState = 'done' | 'active' | 'pending' | 'stopped';

/** How far a stage of a run is. A failed or cancelled run stopped in the stage that it names. */
export function stageState(run: Pick<Run, 'status' | 'stage'>, stage: Stage): StageState {
  const position = Stage.options.indexOf(stage) - Stage.options.indexOf(run.stage);
  switch (run.status) {
    case 'queued':
      return 'pending';
    case 'awaiting_decision':
    case 'awaiting_approval':
    case 'decided':
      return 'done';
    case 'running':
      return position < 0 ? 'done' : position === 0 ? 'active' : 'pending';
    case 'failed':
    case 'cancelled':
      return position < 0 ? 'done' : position === 0 ? 'stopped' : 'pending';
  }
}
