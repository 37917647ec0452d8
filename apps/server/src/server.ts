import { existsSync, mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { databaseOf, lakeOf, lockDataFolder, projectsInLake, rebuildDatabase } from '@kaefer/pipeline';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { createContext } from './context.ts';
import { prepareDemo } from './demo/prepare-demo.ts';
import { createLog } from './log.ts';
import { Sessions } from './http/sessions.ts';
import { Intake } from './intake/intake.ts';
import { OutcomeWatch } from './outcomes/outcomes.ts';
import { recover } from './recover.ts';
import { RunQueue } from './runs/run-queue.ts';

export interface RunningServer {
  /** `http://127.0.0.1:4870` */
  readonly address: string;
  /** Signs a browser in, once. */
  readonly signInLink: string;
  /** Ends when the demo, if it is wanted, is ready; rejects when it could not be set up. */
  readonly demo: Promise<void>;
  close(): Promise<void>;
}

/** Two servers on one data folder would each think that the other's runs are their own. */
export class DataFolderInUse extends Error {}

/** @throws DataFolderInUse */
function takeDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const release = lockDataFolder(dataDir);
  if (release === undefined) throw new DataFolderInUse(dataDir);
  return release;
}

/** Starts everything: state, recovery, HTTP, the run queue, the demo. Answers as soon as requests are. */
export async function startServer(config: Config): Promise<RunningServer> {
  const log = createLog(config.logLevel);
  const release = takeDataFolder(config.dataDir);
  if (!existsSync(databaseOf(config.dataDir)) && projectsInLake(lakeOf(config.dataDir)).length > 0) {
    const projects = await rebuildDatabase(config.dataDir);
    log.warn({ projects }, 'there was no database; it was made anew from the lake');
  }
  const context = await createContext(config, log);
  await recover(context);
  const queue = new RunQueue(context);
  const sessions = new Sessions(context.db, config.token);
  const outcomes = new OutcomeWatch(context);
  let ready = false;
  const intake = new Intake(context);
  const app = await buildApp({ context, queue, intake, sessions, outcomes, log, isReady: () => ready });
  await app.listen({ host: config.host, port: config.port });
  await queue.recover();
  ready = true;
  intake.start();
  outcomes.start();
  const demo = config.demo ? prepareDemo(context, queue) : Promise.resolve();
  demo.catch((error: unknown) => {
    if (ready) log.error({ err: error }, 'the demo could not be set up');
  });
  const { port } = app.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const address = `http://${host === '0.0.0.0' || host === '[::]' ? 'localhost' : host}:${port}`;
  return {
    address,
    signInLink: `${address}/sign-in?token=${sessions.createLink()}`,
    demo,
    close: async () => {
      ready = false;
      await intake.stop();
      await queue.stop();
      app.server.closeAllConnections();
      await app.close();
      await outcomes.stop();
      await context.workers.close();
      await context.evidence.close();
      await context.db.destroy();
      release();
    },
  };
}
