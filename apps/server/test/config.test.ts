import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../src/config.ts';

function problemsOf(args: readonly string[], env: Record<string, string>): readonly string[] {
  try {
    readConfig(args, env);
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const problem of error.problems) expect(error.message).toContain(problem);
      return error.problems;
    }
    throw error;
  }
  return [];
}

describe('configuration', () => {
  test('defaults, frozen', () => {
    const config = readConfig([], {});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 4870,
      dataDir: resolve('kaefer-data'),
      demo: true,
      token: null,
      uploadLimitBytes: 10_240 * 2 ** 20,
      logLevel: 'warn',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('arguments go before the environment, an empty variable counts as none', () => {
    const env = {
      KAFER_PORT: '5000',
      KAFER_HOST: '0.0.0.0',
      KAFER_DATA_DIR: '/data',
      KAFER_DEMO: '0',
      KAFER_TOKEN: 'secret',
      KAFER_UPLOAD_LIMIT_MB: '1',
      KAFER_MIN_FREE_MB: '2',
      KAFER_MEMORY_MB: '300',
      KAFER_LOG: '',
    };
    expect(readConfig(['--port', '6000', '--data-dir', '/other'], env)).toMatchObject({
      port: 6000,
      host: '0.0.0.0',
      dataDir: '/other',
      demo: false,
      token: 'secret',
      uploadLimitBytes: 2 ** 20,
      minFreeBytes: 2 ** 21,
      memoryMib: 300,
      logLevel: 'warn',
    });
    expect(readConfig(['--no-demo'], {}).demo).toBe(false);
    expect(readConfig(['--port', '0'], {}).port).toBe(0);
  });

  test('all that is wrong is told together', () => {
    const problems = problemsOf(['--port', '70000', '--colour', 'blue'], {
      KAFER_DEMO: 'yes',
      KAFER_UPLOAD_LIMIT_MB: '-1',
      KAFER_MEMORY_MB: '1e3',
      KAFER_LOG: 'loud',
    });
    expect(problems).toHaveLength(5);
    expect(problems.join('\n')).toMatch(/colour/);
    expect(problems.join('\n')).toMatch(/KAFER_DEMO.*“yes”/);
    expect(problems.join('\n')).toMatch(/KAFER_UPLOAD_LIMIT_MB.*“-1”/);
    expect(problems.join('\n')).toMatch(/KAFER_MEMORY_MB.*“1e3”/);
    expect(problems.join('\n')).toMatch(/KAFER_LOG.*“loud”/);
  });

  test.each(['', '4870x', '65536', '1.5', ' 80', '0x50'])('the port “%s” is refused', (port) => {
    expect(problemsOf(['--port', port], {})).toEqual([expect.stringContaining(`“${port}”`)]);
  });
});
