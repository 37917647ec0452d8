/** Names below `_delta_log/` (PROTOCOL.md, "Delta Log Entries" and "Checkpoints"). */
export const logFolder = '_delta_log/';
export const lastCheckpointPath = `${logFolder}_last_checkpoint`;

const padded = (version: number): string => String(version).padStart(20, '0');

export const commitPath = (version: number): string => `${logFolder}${padded(version)}.json`;
export const checkpointPath = (version: number): string =>
  `${logFolder}${padded(version)}.checkpoint.parquet`;

export interface LogListing {
  /** Versions whose commit file is there, ascending. */
  commits: number[];
  /** Complete checkpoints, ascending by version, with the paths of all their parts. */
  checkpoints: { version: number; paths: string[] }[];
}

const commitPattern = /^_delta_log\/(\d{20})\.json$/;
const checkpointPattern = /^_delta_log\/(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/;

/** Sorts the names of a log folder into commits and complete checkpoints; other names are not ours. */
export function parseLogListing(paths: readonly string[]): LogListing {
  const commits: number[] = [];
  const parts = new Map<string, { version: number; expected: number; paths: string[] }>();
  for (const path of [...paths].sort()) {
    const commit = commitPattern.exec(path)?.[1];
    if (commit !== undefined) commits.push(Number(commit));
    const [matched, version, , total] = checkpointPattern.exec(path) ?? [];
    if (matched === undefined) continue;
    const key = `${version}/${total ?? 'single'}`;
    const group = parts.get(key) ?? { version: Number(version), expected: Number(total ?? 1), paths: [] };
    group.paths.push(path);
    parts.set(key, group);
  }
  const checkpoints = [...parts.values()]
    .filter(({ expected, paths: found }) => found.length === expected)
    .map(({ version, paths: found }) => ({ version, paths: found }))
    .sort((a, b) => a.version - b.version);
  return { commits, checkpoints };
}
