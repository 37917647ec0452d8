import { cpus, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';

/** What a figure is worth nothing without. */
export function describeMachine() {
  const cgroup = readText('/sys/fs/cgroup/cpu.max')?.trim() ?? null;
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    cpuLimit: cgroup,
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    measuredAt: new Date().toISOString(),
  };
}

export const median = (values) => {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  return ascending.length % 2 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
};

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
