// The Python peer: its virtual environment, its state, its measured step.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cache } from '../paths.mjs';
import { watchMemory } from '../process-memory.mjs';

const script = fileURLToPath(new URL('peer.py', import.meta.url));
const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));

/** The interpreter of an environment with the pinned versions, made when missing or when they changed. */
export function peerPython() {
  const environment = join(cache, 'venv');
  const python = join(environment, 'bin', 'python');
  const stamp = join(environment, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  execFileSync('python3', ['-m', 'venv', '--clear', environment], { stdio: 'inherit' });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '-r', requirements], { stdio: 'inherit' });
  writeFileSync(stamp, wanted);
  return python;
}

/**
 * Runs the script; gives what it prints, and the whole process's time or the peak of its memory, sampled as the
 * server's is.
 *
 * @param {string} python
 * @param {'prepare' | 'update'} command
 * @param {string} state folder
 * @param {string[]} files
 * @param {boolean} [isMemoryWatched] sampling takes time from what is measured
 */
export async function runPeer(python, command, state, files, isMemoryWatched = false) {
  const startedAt = performance.now();
  const child = spawn(python, [script, command, state, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const memory = isMemoryWatched ? watchMemory(child.pid) : undefined;
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const wallMs = performance.now() - startedAt;
  const { treePss } = memory?.stop() ?? {};
  if (code !== 0) throw new Error(`peer.py ${command} ended with ${code}`);
  const told = JSON.parse(printed);
  const workedMs = Object.values(told.timings).reduce((sum, ms) => sum + ms, 0);
  return { ...told, wallMs, startMs: wallMs - workedMs, treePss };
}
