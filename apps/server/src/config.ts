import { availableParallelism, totalmem } from 'node:os';
import { delimiter, isAbsolute, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { AllowedHosts } from './intake/allowed-hosts.ts';
import { Secrets } from './intake/secrets.ts';

/** Everything that can be set, read once at start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute. Holds the lake, the state database and scratch files. */
  readonly dataDir: string;
  readonly demo: boolean;
  /** A token with the data engineer's rights, for scripts; null when none is set. */
  readonly token: string | null;
  readonly uploadLimitBytes: number;
  /** Space that must be left on the disk of `dataDir` besides what a file or a run needs, in bytes. */
  readonly minFreeBytes: number;
  /** What DuckDB may hold in a process that checks, merges, prepares or evaluates, in MiB. */
  readonly memoryMib: number;
  readonly threads: number;
  /** Folder from which files are taken; null: none. */
  readonly intakeDir: string | null;
  /** Milliseconds between two looks into it. */
  readonly intakeEveryMs: number;
  /** Hosts from which files may be fetched. */
  readonly intakeHosts: AllowedHosts;
  /** Folders below which projects may have files read, absolute. */
  readonly intakeFolders: readonly string[];
  /** What feeds send to be let in. */
  readonly secrets: Secrets;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

/** All that is wrong with the configuration, at once. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `Käfer cannot start with this configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const mib = 1 << 20;
const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** A quarter of the machine, between 256 MiB and 1 GiB: DuckDB spills what does not fit. */
function defaultMemoryMib(): number {
  return Math.round(Math.min(1024, Math.max(256, totalmem() / mib / 4)));
}

/**
 * Reads arguments, then the environment, then defaults.
 *
 * @throws ConfigError naming every problem; a malformed value is never replaced by a default
 */
export function readConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const problems: string[] = [];
  const given = parseArguments(args, problems);
  const text = (option: string | undefined, variable: string, fallback: string): string =>
    option ?? nonEmpty(env[variable]) ?? fallback;
  const whole = (name: string, value: string, low: number, high: number): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < low || number > high)
      problems.push(`${name} must be a whole number from ${low} to ${high}, not “${value}”`);
    return number;
  };
  const logLevel = logLevels.find((level) => level === text(undefined, 'KAFER_LOG', 'warn'));
  if (logLevel === undefined)
    problems.push(`KAFER_LOG must be one of ${logLevels.join(', ')}, not “${env['KAFER_LOG'] ?? ''}”`);
  const demo = nonEmpty(env['KAFER_DEMO']) ?? '1';
  if (demo !== '0' && demo !== '1') problems.push(`KAFER_DEMO must be 0 or 1, not “${demo}”`);
  const token = nonEmpty(env['KAFER_TOKEN']) ?? null;
  const intake = nonEmpty(env['KAFER_INTAKE_DIR']);
  const secretsDir = nonEmpty(env['KAFER_SECRETS_DIR']);
  const config: Config = {
    host: text(given.host, 'KAFER_HOST', '127.0.0.1'),
    port: whole('the port (--port, KAFER_PORT)', text(given.port, 'KAFER_PORT', '4870'), 0, 65_535),
    dataDir: resolve(text(given['data-dir'], 'KAFER_DATA_DIR', 'kaefer-data')),
    demo: given['no-demo'] !== true && demo === '1',
    token,
    uploadLimitBytes:
      whole('KAFER_UPLOAD_LIMIT_MB', text(undefined, 'KAFER_UPLOAD_LIMIT_MB', '10240'), 1, 1 << 24) * mib,
    minFreeBytes: whole('KAFER_MIN_FREE_MB', text(undefined, 'KAFER_MIN_FREE_MB', '256'), 0, 1 << 24) * mib,
    memoryMib: whole(
      'KAFER_MEMORY_MB',
      text(undefined, 'KAFER_MEMORY_MB', String(defaultMemoryMib())),
      128,
      1 << 20,
    ),
    threads: availableParallelism(),
    intakeDir: intake === undefined ? null : resolve(intake),
    intakeEveryMs:
      whole('KAFER_INTAKE_SECONDS', text(undefined, 'KAFER_INTAKE_SECONDS', '10'), 1, 86_400) * 1000,
    intakeHosts: readHosts(env['KAFER_INTAKE_HOSTS'], problems),
    intakeFolders: listOf(env['KAFER_INTAKE_FOLDERS'], delimiter).map((folder) => {
      if (!isAbsolute(folder))
        problems.push(`KAFER_INTAKE_FOLDERS must hold whole paths, from the root on, not “${folder}”`);
      return resolve(folder);
    }),
    secrets: new Secrets(env, secretsDir === undefined ? null : resolve(secretsDir)),
    logLevel: logLevel ?? 'warn',
  };
  const { intakeDir, intakeFolders, dataDir } = config;
  const isInside = (folder: string): boolean => `${folder}${sep}`.startsWith(`${dataDir}${sep}`);
  if (intakeDir !== null && isInside(intakeDir))
    problems.push(`KAFER_INTAKE_DIR must lie outside the data folder ${dataDir}, not at ${intakeDir}`);
  for (const folder of intakeFolders)
    if (isInside(folder) || `${dataDir}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`))
      problems.push(`KAFER_INTAKE_FOLDERS must lie apart from the data folder ${dataDir}, not at ${folder}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
}

interface GivenArguments {
  readonly host?: string;
  readonly port?: string;
  readonly 'data-dir'?: string;
  readonly 'no-demo'?: boolean;
}

function parseArguments(args: readonly string[], problems: string[]): GivenArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'data-dir': { type: 'string' },
        'no-demo': { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return {};
  }
}

function readHosts(value: string | undefined, problems: string[]): AllowedHosts {
  try {
    return new AllowedHosts(listOf(value, ','));
  } catch (error) {
    problems.push(`KAFER_INTAKE_HOSTS: ${error instanceof Error ? error.message : String(error)}`);
    return new AllowedHosts([]);
  }
}

/** The parts of a list, without those that are empty. */
function listOf(value: string | undefined, separator: string): string[] {
  return (value ?? '')
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value;
}
