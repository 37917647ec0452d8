import { onTestFinished } from 'vitest';
import { ApiClient } from './api-client.ts';
import { ServerProcess, type Settings } from './server-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const token = 'a-token-for-tests';

export interface StartedServer {
  readonly server: ServerProcess;
  readonly dataDir: string;
  /** Holds the token. */
  readonly api: ApiClient;
  /** Holds nothing. */
  readonly stranger: ApiClient;
}

/** The real program on a free port and a folder of its own, stopped when the test ends. */
export async function startedServer(settings: Settings = {}): Promise<StartedServer> {
  const dataDir = temporaryFolder();
  const server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token, ...settings });
  onTestFinished(() => server.stop());
  return {
    server,
    dataDir,
    api: new ApiClient(server.address, token),
    stranger: new ApiClient(server.address, null),
  };
}

/** Settings that train in a moment. */
export const quickTraining = {
  rounds: 15,
  incrementalRounds: 5,
  maxDepth: 3,
  learningRate: 0.3,
  earlyStoppingRounds: 0,
} as const;

/** A project of the rows that `support/rows.ts` simulates, with two outcomes. */
export const binaryProject = {
  name: 'p',
  task: 'binary',
  target: 'failed',
  key: 'id',
  training: quickTraining,
} as const;
