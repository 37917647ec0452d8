import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** What the program understands from its environment; see `config.ts`. */
export type Settings = Readonly<Record<`KAFER_${string}`, string>>;

/** The real program, as `npm start` runs it, on a free port. */
export class ServerProcess {
  readonly address: string;
  readonly signInLink: string;
  /** Settles when the process has ended, however that happens. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, signInLink: string) {
    this.#child = child;
    this.signInLink = signInLink;
    this.address = new URL(signInLink).origin;
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  }

  static async start(dataDir: string, settings: Settings = {}): Promise<ServerProcess> {
    const child = spawn(process.execPath, [program, '--port', '0', '--data-dir', dataDir, '--no-demo'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // Nothing of the test runner's environment: the program runs as it does for a person.
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], KAFER_LOG: 'silent', ...settings },
    });
    const link = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const found = /http:\/\/\S+\/sign-in\?token=\S+/.exec(said)?.[0];
        if (found !== undefined) resolve(found);
      });
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
    });
    return new ServerProcess(child, link);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the server did not start');
    return this.#child.pid;
  }

  /** As Ctrl+C does it. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    const { code, signal } = await this.ended;
    if (code !== 0) throw new Error(`the server ended with ${code ?? signal}`);
  }

  /** As a power cut does it; the processes that it had started end by themselves. */
  async kill(): Promise<void> {
    const children = childrenOf(this.pid);
    this.#child.kill('SIGKILL');
    await this.ended;
    await untilGone(children);
  }
}

/** Processes that a process has started, from Linux's own list; empty on other systems. */
export function childrenOf(pid: number): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statusOf(Number(name))?.parent === pid)
    .map(Number);
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some((pid) => !['Z', undefined].includes(statusOf(pid)?.state)))
    await new Promise((resolve) => setTimeout(resolve, 5));
}

function statusOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    // "pid (name) state parent …"; the name may hold anything, so what follows its last bracket counts.
    const [state = '', parent = ''] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
