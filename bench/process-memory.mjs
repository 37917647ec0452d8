// Peak memory of a process and all its descendants, from /proc (Linux).
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_EVERY_MS = 50;
const PAGE_BYTES = 4096;

/**
 * Samples until `stop()`, which gives the peaks in bytes: `treePss` (memory shared between the processes counted
 * once) and `rootRss` of the first process by itself. Peaks shorter than the 50 ms between samples may be missed.
 *
 * @param {number} rootPid
 */
export function watchMemory(rootPid) {
  const peaks = { treePss: 0, rootRss: 0, processes: 0 };
  const sample = () => {
    const pids = familyOf(rootPid);
    peaks.treePss = Math.max(
      peaks.treePss,
      pids.reduce((sum, pid) => sum + pssOf(pid), 0),
    );
    peaks.rootRss = Math.max(peaks.rootRss, rssOf(rootPid));
    peaks.processes = Math.max(peaks.processes, pids.length);
  };
  sample();
  const timer = setInterval(sample, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return peaks;
    },
  };
}

/** The process and its descendants that live now. @param {number} rootPid @returns {number[]} */
export function familyOf(rootPid) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name in parentheses may hold anything; the parent is the second field after it.
    const parent = Number(textOf(`/proc/${name}/stat`).split(') ').at(-1)?.split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [rootPid];
  for (const pid of family) family.push(...(children.get(pid) ?? []));
  return family;
}

const pssOf = (pid) => Number(/^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
const rssOf = (pid) => Number(textOf(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES;

/** A process may end between being listed and being read. */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
