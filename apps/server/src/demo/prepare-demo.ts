import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { ProjectCreation } from '@kaefer/contracts';
import { monthCsvChunks, monthFileName, writeMonthCsv } from '@kaefer/factory';
import {
  findProject,
  openRunOf,
  setProjectReady,
  type ProjectRecord,
  type RunRecord,
} from '@kaefer/pipeline';
import type { Context } from '../context.ts';
import { decideOnEvidence } from '../evidence/evidence-of-run.ts';
import { createProject } from '../projects.ts';
import { startRun } from '../run-requests.ts';
import type { RunQueue } from '../runs/run-queue.ts';
import { freshRun } from '../runs/run-stages.ts';
import { describeSample, samplePlace } from '../samples.ts';
import { receiveUpload } from '../uploads.ts';

const demoName = 'Road test (simulated)';
const demoId = 'road-test-simulated';
/** The same demo on every machine: its rows are in the same part everywhere. */
const demoSalt = 'kaefer-demo';
const factory = { seed: 2026, vehicles: 60_000, months: 6, start: '2026-01-01' };
const monthsInLake = 5;
const actor = 'demo';

/**
 * Sets the demo project up: a simulated factory's first five months in the lake, a model in production, and the sixth
 * month as a file that lies ready. Goes on where a stop interrupted it; does nothing once it is done.
 */
export async function prepareDemo(context: Context, queue: RunQueue): Promise<void> {
  const project = (await findProject(context.db, demoId)) ?? (await createDemo(context));
  if (project.status === 'ready') return;
  await writeSample(context, project);
  if (project.champion === null) {
    const run = (await openRunOf(context.db, demoId)) ?? (await startDemoRun(context, queue, project));
    const ended = await untilSettled(context, queue, run);
    if (ended.status !== 'awaiting_decision') throw new Error(`the demo's run is ${ended.status}`);
    const note = 'First model of the simulated factory';
    await decideOnEvidence(context, ended, { choice: 'candidate', note, by: actor, at: context.now() }, 'en');
  }
  await setProjectReady(context.db, demoId);
}

async function createDemo(context: Context): Promise<ProjectRecord> {
  const request = ProjectCreation.parse({
    name: demoName,
    task: 'binary',
    target: 'road_test',
    positive: 'fail',
    key: 'knr',
    date: 'build_date',
    costs: { falsePositive: 1, falseNegative: 8 },
  });
  return createProject(context, request, 'en', { simulated: true, status: 'preparing', salt: demoSalt });
}

async function writeSample(context: Context, project: ProjectRecord): Promise<void> {
  const month = monthsInLake + 1;
  const folder = context.folder(project.definition.id);
  const path = samplePlace(folder, 0);
  await writeMonthCsv(path, month, factory);
  const rows =
    Math.floor((factory.vehicles * month) / factory.months) -
    Math.floor((factory.vehicles * (month - 1)) / factory.months);
  const filename = monthFileName(month, factory);
  describeSample(folder, [{ path, filename, rows, bytes: statSync(path).size }]);
}

async function startDemoRun(context: Context, queue: RunQueue, project: ProjectRecord): Promise<RunRecord> {
  const sent = await context.db
    .selectFrom('uploads')
    .select(['id', 'filename', 'status'])
    .where('project', '=', demoId)
    .execute();
  const uploads: string[] = [];
  for (let month = 1; month <= monthsInLake; month++) {
    const filename = monthFileName(month, factory);
    const known = sent.find((upload) => upload.filename === filename);
    if (known?.status === 'merged') continue;
    const upload =
      known ??
      (await receiveUpload(context, project, Readable.from(monthCsvChunks(month, factory)), filename));
    uploads.push(upload.id);
  }
  return startRun(context, queue, project, { uploads, mode: 'full' }, actor);
}

async function untilSettled(context: Context, queue: RunQueue, { id }: RunRecord): Promise<RunRecord> {
  let stop: (() => void) | undefined;
  try {
    return await new Promise<RunRecord>((resolve, reject) => {
      const look = (): void => {
        freshRun(context, id).then((run) => {
          if (run.status !== 'queued' && run.status !== 'running') resolve(run);
        }, reject);
      };
      stop = queue.events.watch(id, (signal) => {
        if (signal === 'status') look();
      });
      look();
    });
  } finally {
    stop?.();
  }
}
