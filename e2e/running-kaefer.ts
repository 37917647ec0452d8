import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../apps/server/dist/main.js', import.meta.url));

/** The real program, started as a person would, on data of its own. */
export class RunningKaefer {
  readonly signInLink: string;
  readonly address: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, signInLink: string) {
    this.#process = child;
    this.#folder = folder;
    this.signInLink = signInLink;
    this.address = new URL(signInLink).origin;
  }

  /** @param options.settings variables of its environment, besides those of this process */
  static async start(options: {
    readonly demo: boolean;
    readonly settings?: Readonly<Record<string, string>>;
  }): Promise<RunningKaefer> {
    const folder = mkdtempSync(join(tmpdir(), 'kaefer-e2e-'));
    const args = ['--port', '0', '--data-dir', folder, ...(options.demo ? [] : ['--no-demo'])];
    const child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...options.settings },
    });
    const link = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
        const found = /(http:\/\/\S+\/sign-in\?token=\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) =>
        reject(new Error(`Käfer ended with ${code} before it was ready: ${said}`)),
      );
    });
    return new RunningKaefer(child, folder, link);
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await gone;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
