// Sends single predictions on a fixed schedule, whether or not the answers come; a process of its own.
// Argument: JSON {url, token, project, rate, seconds, rows}. Prints JSON {latencies, sentLate, failures}.
import { Agent, request } from 'node:http';
import { Worker } from 'node:worker_threads';

const { url, token, project, rate, seconds, rows } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const total = Math.round(rate * seconds);
const latencies = [];
const sentLate = [];
const failures = [];

/** @param {object} row @returns {Promise<void>} rejects unless the answer is complete and right in form */
function predict(row) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ rows: [row] });
    const call = request(
      `${url}/api/v1/projects/${project}/predictions`,
      {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode !== 200)
            return reject(new Error(`${response.statusCode} ${text.slice(0, 200)}`));
          const score = JSON.parse(text).predictions?.[0]?.score;
          return Number.isFinite(score) ? resolve() : reject(new Error(`no score in ${text.slice(0, 200)}`));
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

// A timer of Node is up to a millisecond late, which would count as latency; a thread that sleeps is not.
const metronome = `
  const { parentPort, workerData } = require('node:worker_threads');
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const start = performance.timeOrigin + performance.now() + 100;
  for (let tick = 0; tick < workerData.total; tick++) {
    const due = start + (tick * 1000) / workerData.rate;
    const wait = due - (performance.timeOrigin + performance.now());
    if (wait > 0) Atomics.wait(sleeper, 0, 0, wait);
    parentPort.postMessage(due);
  }`;

const now = () => performance.timeOrigin + performance.now();
let index = 0;
const answers = [];
const worker = new Worker(metronome, { eval: true, workerData: { total, rate } });
worker.on('message', (due) => {
  sentLate.push(now() - due);
  const answer = predict(rows[index++ % rows.length]).then(
    () => latencies.push(now() - due),
    (error) => failures.push(String(error)),
  );
  answers.push(answer);
});
await new Promise((resolve, reject) => {
  worker.once('error', reject);
  worker.once('exit', resolve);
});
await Promise.all(answers);
agent.destroy();
console.log(JSON.stringify({ latencies, sentLate, failures }));
