import { deflateRawSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findLibraryPath } from '../src/index.ts';

interface FoundLibrary {
  path: string;
  version?: string;
  source: 'environment' | 'wheel' | 'system';
}

interface LibrarySetup {
  WHEEL_VERSION: string;
  findXgboostLibrary(): FoundLibrary | undefined;
  ensureXgboostLibrary(options?: { log?: (line: string) => void }): Promise<FoundLibrary>;
  readZip(
    bytes: Buffer,
    wanted: (name: string) => boolean,
  ): Iterable<{ name: string; content: () => Buffer }>;
}

const script = new URL('../bin/xgboost-library.mjs', import.meta.url);
const setup = (await import(script.href)) as LibrarySetup;

afterEach(() => vi.unstubAllEnvs());

describe('setting up the library', () => {
  test('with everything in place agrees with the package, and says where from', async () => {
    const found = setup.findXgboostLibrary();
    expect(found?.path).toBe(findLibraryPath());
    const lines: string[] = [];
    const ensured = await setup.ensureXgboostLibrary({ log: (line) => lines.push(line) });
    if (found?.source !== 'system') {
      expect(ensured).toEqual(found);
      expect(lines).toEqual([]);
    }
  });

  test('takes the file that the environment names, or says that there is none', () => {
    vi.stubEnv('KAFER_XGBOOST_LIB', import.meta.filename);
    expect(setup.findXgboostLibrary()).toEqual({ path: import.meta.filename, source: 'environment' });
    vi.stubEnv('KAFER_XGBOOST_LIB', '/nowhere/libxgboost.so');
    expect(() => setup.findXgboostLibrary()).toThrow(
      /KAFER_XGBOOST_LIB names \/nowhere\/libxgboost.so, which does not exist/,
    );
  });

  test('looks in the same system folders as the package', () => {
    const paths = (url: URL) =>
      /SYSTEM_PATHS = \[([\s\S]*?)\]/.exec(readFileSync(url, 'utf8'))?.[1]?.match(/'[^']+'/g);
    const ours = paths(new URL('../src/native/library-path.ts', import.meta.url));
    expect(ours?.length).toBeGreaterThan(5);
    expect(paths(script)).toEqual(ours);
  });
});

/** A zip archive of one file (APPNOTE.TXT 4.3), packed or stored. */
function zipOf(name: string, content: Buffer, isPacked: boolean): Buffer {
  const data = isPacked ? deflateRawSync(content) : content;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(isPacked ? 8 : 0, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}

describe('reading a wheel', () => {
  test.each([true, false])('gives the wanted files, packed: %s', (isPacked) => {
    const content = Buffer.from('libxgboost '.repeat(100));
    const zip = zipOf('xgboost/lib/libxgboost.so', content, isPacked);
    const files = [...setup.readZip(zip, () => true)];
    expect(files.map(({ name }) => name)).toEqual(['xgboost/lib/libxgboost.so']);
    expect(files[0]?.content().equals(content)).toBe(true);
    expect([...setup.readZip(zip, () => false)]).toEqual([]);
  });

  test('refuses files outside their folder, and what is no archive', () => {
    for (const name of ['../escape.so', '/etc/escape.so', 'xgboost/../../escape.so']) {
      expect(() => [...setup.readZip(zipOf(name, Buffer.from('x'), false), () => true)]).toThrow(
        /outside its folder/,
      );
    }
    expect(() => [...setup.readZip(Buffer.from('no zip'), () => true)]).toThrow(/not a zip/);
  });
});
