import { expect, test } from 'vitest';
import { plainName } from '../src/http/send-file.ts';

test.each([
  ['peças_julho.csv', 'pecas_julho'],
  ['März 2026 (neu).csv.gz', 'Marz-2026-neu'],
  ['../../etc/passwd', 'etc-passwd'],
  ['"; filename="x.exe', 'filename-x'],
  ['表.csv', 'file'],
  ['.csv', 'file'],
])('%j is called %j in a download', (given, name) => {
  expect(plainName(given)).toBe(name);
});
