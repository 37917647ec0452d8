// The real server in a process of its own, and the calls of its HTTP contract that the benchmarks need.
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { spawn } from 'node:child_process';
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { randomUUID } from 'node:crypto';
import { repository } from './paths.mjs';

/** The first start may have to build. */
const START_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 20_000;

/** What both sides of the comparison train with. */
export const training = {
  rounds: 200,
  maxDepth: 6,
  learningRate: 0.1,
  earlyStoppingRounds: 0,
  subsample: 1,
  columnSample: 1,
  minChildWeight: 1,
  lambda: 1,
  maxBin: 256,
};

export const flightsProject = { task: 'binary', target: 'late', positive: 'yes', key: 'id' };

/** Starts a server on the folder and waits until it is ready. @param {string} dataDir */
export async function startServer(dataDir) {
  const port = await freePort();
  const token = randomUUID();
  const child = spawn(
    process.execPath,
    ['scripts/start.mjs', '--port', String(port), '--host', '127.0.0.1', '--data-dir', dataDir, '--no-demo'],
    { cwd: repository, env: { ...process.env, KAFER_TOKEN: token }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const keep = (chunk) => (output = (output + chunk).slice(-4000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + START_WITHIN_MS;
  while (!(await answers(`${url}/readyz`))) {
    if (child.exitCode !== null || Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start:\n${output}`);
    }
    await pause(50);
  }
  return {
    pid: child.pid,
    url,
    token,
    api: client(url, token),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** @param {string} url @param {string} token */
function client(url, token) {
  const call = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body, duplex: 'half' }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 1000)}`);
    return JSON.parse(text);
  };
  const send = (method, path, value) =>
    call(method, path, JSON.stringify(value), { 'content-type': 'application/json' });
  return {
    get: (path) => call('GET', path),
    post: (path, value) => send('POST', path, value),
    upload: (project, file) =>
      sendFile(
        `${url}/api/v1/projects/${project}/uploads?filename=${encodeURIComponent(basename(file))}`,
        file,
        token,
      ),
    /** Follows the run's events, as the web app does, until it waits for a decision. */
    async waiting(id) {
      const response = await fetch(`${url}/api/v1/runs/${id}/events`, {
        headers: { authorization: `Bearer ${token}` },
      });
      for await (const { event, data } of eventsOf(response.body)) {
        if (event !== 'status') continue;
        const run = JSON.parse(data);
        if (run.status === 'awaiting_decision') return run;
        if (run.status === 'failed' || run.status === 'cancelled')
          throw new Error(JSON.stringify(run.error ?? run));
      }
      throw new Error(`the events of the run ${id} ended`);
    },
  };
}

/** Sends a file by Node's own client: `fetch` takes longer over a body than the server does over receiving it. */
async function sendFile(address, file, token) {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'text/csv',
    'content-length': statSync(file).size,
  };
  const request = httpRequest(address, { method: 'POST', headers });
  const answered = once(request, 'response');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), request);
  const [response] = await answered;
  const answer = await text(response);
  if (response.statusCode >= 300)
    throw new Error(`POST ${address}: ${response.statusCode} ${answer.slice(0, 1000)}`);
  return JSON.parse(answer);
}

/** Server-sent events out of a body of bytes. Leaving the loop closes the connection. */
async function* eventsOf(body) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const [, event] = /^event: (.*)$/m.exec(block) ?? [];
      const [, data] = /^data: (.*)$/m.exec(block) ?? [];
      if (event !== undefined) yield { event, data };
    }
  }
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
