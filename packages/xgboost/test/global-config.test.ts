import { afterEach, expect, test } from 'vitest';
import { globalConfig, loadLibrary, setGlobalConfig } from '../src/index.ts';

const code = (name: string): Error => expect.objectContaining({ code: name }) as Error;

afterEach(() => setGlobalConfig({ verbosity: 1, use_rmm: false }));

test('the global configuration is what was set, and keeps the rest', () => {
  expect(globalConfig()).toMatchObject({ verbosity: 1, use_rmm: false });
  setGlobalConfig({ verbosity: 2 });
  setGlobalConfig({});
  expect(globalConfig()).toMatchObject({ verbosity: 2, use_rmm: false });
});

test('what is no setting or no value of one is refused, and nothing is set', () => {
  const wrong: [object, RegExp][] = [
    [{ verbosity: 3, use_rmm: 1 }, /use_rmm must be true or false, and is 1/],
    [{ verbosity: 4 }, /verbosity must be 0, 1, 2 or 3, and is 4/],
    [{ verbosity: '1' }, /and is "1"/],
    [{ use_rm: true }, /no global setting use_rm; there are verbosity and use_rmm/],
  ];
  for (const [config, message] of wrong) {
    expect(() => setGlobalConfig(config)).toThrow(code('XGBOOST_BAD_PARAMETER'));
    expect(() => setGlobalConfig(config)).toThrow(message);
  }
  expect(globalConfig().verbosity).toBe(1);
});

test('RMM is for libraries that were built with it', () => {
  const set = (): void => setGlobalConfig({ use_rmm: true });
  if (loadLibrary().buildInfo()['USE_RMM'] === true) {
    set();
    expect(globalConfig().use_rmm).toBe(true);
  } else {
    expect(set).toThrow(code('XGBOOST_NOT_IN_THIS_BUILD'));
    expect(globalConfig().use_rmm).toBe(false);
  }
});
