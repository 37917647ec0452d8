import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ProjectCreation } from '@kaefer/contracts';
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
import { freshRun } from '../runs/stage-scope.ts';
import { describeSample, samplePlace } from '../samples.ts';
import { receiveUpload } from '../uploads.ts';
import { demos, type Demo, type DemoFile } from './demos.ts';
import { writeDemoFile } from './write-demo-file.ts';

/** The same demo on every machine: its rows are in the same part everywhere. */
const demoSalt = 'kaefer-demo';
const actor = 'demo';

/**
 * Sets the demo projects up, one after another: the simulated factory's first five months in the lake, a model in
 * production, and the sixth month lying ready. Goes on where a stop interrupted it; does nothing once it is done.
 */
export async function prepareDemo(context: Context, queue: RunQueue): Promise<void> {
  // All are listed at once, so that a newcomer sees from the start what is coming.
  for (const demo of demos)
    if ((await findProject(context.db, demo.id)) === undefined) await createDemo(context, demo.creation);
  for (const demo of demos) await prepareProject(context, queue, demo);
}

async function prepareProject(context: Context, queue: RunQueue, demo: Demo): Promise<void> {
  const project = await context.project(demo.id);
  if (project.status === 'ready') return;
  await writeSample(context, project, demo.sample);
  if (project.champion === null) {
    const run =
      (await openRunOf(context.db, demo.id)) ?? (await startDemoRun(context, queue, project, demo.lake));
    const ended = await untilSettled(context, queue, run);
    if (ended.status !== 'awaiting_decision') throw new Error(`the demo's run is ${ended.status}`);
    const note = 'First model of the simulated factory';
    await decideOnEvidence(context, ended, { choice: 'candidate', note, by: actor, at: context.now() }, 'en');
  }
  await setProjectReady(context.db, demo.id);
}

async function createDemo(context: Context, request: ProjectCreation): Promise<ProjectRecord> {
  return createProject(context, request, 'en', { simulated: true, status: 'preparing', salt: demoSalt });
}

async function writeSample(
  context: Context,
  project: ProjectRecord,
  files: readonly DemoFile[],
): Promise<void> {
  const folder = context.folder(project.definition.id);
  const written = [];
  for (const [index, { filename, chunks }] of files.entries()) {
    const path = samplePlace(folder, index);
    const rows = await writeDemoFile(path, chunks());
    written.push({ path, filename, rows, bytes: statSync(path).size });
  }
  describeSample(folder, written);
}

async function startDemoRun(
  context: Context,
  queue: RunQueue,
  project: ProjectRecord,
  files: readonly DemoFile[],
): Promise<RunRecord> {
  const sent = await context.db
    .selectFrom('uploads')
    .select(['id', 'filename', 'status'])
    .where('project', '=', project.definition.id)
    .execute();
  const uploads: string[] = [];
  for (const { filename, chunks } of files) {
    const known = sent.find((upload) => upload.filename === filename);
    if (known?.status === 'merged') continue;
    const upload = known ?? (await receiveUpload(context, project, Readable.from(chunks()), { filename }));
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
