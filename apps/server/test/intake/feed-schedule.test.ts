import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dueAt, waitAfter } from '../../src/intake/feed-schedule.ts';
import { RetryWaits } from '../../src/intake/retry-waits.ts';
import { Secrets } from '../../src/intake/secrets.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const minute = 60_000;
const at = (text: string): number => new Date(text).getTime(); // without a zone: by this machine's clock
const never = { atMs: undefined, failures: 0 };

test('every so many minutes: at once, then so long after the last look', () => {
  const every = { kind: 'every', minutes: 15 } as const;
  const since = at('2026-03-01T10:00');
  expect(dueAt(every, since, never)).toBe(since);
  expect(dueAt(every, since, { atMs: at('2026-03-01T10:05'), failures: 0 })).toBe(at('2026-03-01T10:20'));
});

test('once a day: the next time that the clock shows it, and made up for when it was missed', () => {
  const daily = { kind: 'daily', at: '06:30' } as const;
  expect(dueAt(daily, at('2026-03-01T05:00'), never)).toBe(at('2026-03-01T06:30'));
  expect(dueAt(daily, at('2026-03-01T06:30'), never)).toBe(at('2026-03-02T06:30'));
  const yesterday = { atMs: at('2026-03-01T06:31'), failures: 0 };
  expect(dueAt(daily, at('2026-02-01T05:00'), yesterday)).toBe(at('2026-03-02T06:30'));
  expect(dueAt(daily, at('2026-02-01T05:00'), { atMs: at('2026-03-31T23:59'), failures: 0 })).toBe(
    at('2026-04-01T06:30'),
  );
});

test('after failures: soon, then ever later, an hour at most; never when only a person asks', () => {
  const last = at('2026-03-01T10:00');
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((failures) => {
    const due = dueAt({ kind: 'daily', at: '06:00' }, 0, { atMs: last, failures });
    expect(dueAt({ kind: 'every', minutes: 1 }, 0, { atMs: last, failures })).toBe(due);
    return ((due ?? 0) - last) / minute;
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(dueAt({ kind: 'asked' }, 0, never)).toBeUndefined();
  expect(dueAt({ kind: 'asked' }, 0, { atMs: last, failures: 3 })).toBeUndefined();
});

test('what fails is left alone ever longer, until somebody asks', () => {
  let now = 0;
  const waits = new RetryWaits(() => now);
  const error = { code: 'disk_full', parameters: {} } as const;
  waits.remember('p f a', error);
  expect(waits.errorOf('p f a')).toBe(error);
  now += waitAfter(1);
  expect(waits.errorOf('p f a')).toBeUndefined();
  waits.remember('p f a', error);
  now += waitAfter(1);
  expect(waits.errorOf('p f a')).toBe(error);
  waits.remember('p g a', error);
  waits.forgetAll('p f ');
  expect([waits.errorOf('p f a'), waits.errorOf('p g a')]).toEqual([undefined, error]);
});

test('a secret is a variable or a file of the folder for secrets, and nothing else can be asked for', () => {
  const root = temporaryFolder();
  const folder = join(root, 'secrets');
  mkdirSync(folder);
  writeFileSync(join(folder, 'from_file'), 'of the file\n');
  writeFileSync(join(folder, 'both'), 'of the file');
  writeFileSync(join(root, 'outside'), 'x');
  const env = {
    KAFER_TOKEN: 't',
    PATH: 'p',
    KAFER_SECRET_API: 'of the variable',
    KAFER_SECRET_BOTH: 'variable',
  };
  const secrets = new Secrets(env, folder);
  expect(['api', 'from_file', 'both'].map((name) => secrets.get(name))).toEqual([
    'of the variable',
    'of the file',
    'variable',
  ]);
  writeFileSync(join(folder, 'from_file'), 'renewed');
  expect(secrets.get('from_file')).toBe('renewed');
  for (const name of ['path', 'kafer_token', 'token', '../outside', 'outside', '.', ''])
    expect(() => secrets.get(name)).toThrow(expect.objectContaining({ code: 'feed_secret_missing' }));
  expect(JSON.stringify(secrets)).not.toContain('variable');
});
