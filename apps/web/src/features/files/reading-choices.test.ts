import { Reading } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { choicesOf, readingOf, toReading } from './reading-choices.ts';

const whole: Reading = {
  delimiter: '\t',
  headerLine: 3,
  sheet: 'Peças',
  decimal: 'comma',
  dates: 'day_first',
  asText: ['code'],
};

test('what was said comes back as it was, and nothing stays nothing', () => {
  expect(toReading(choicesOf(whole))).toEqual(whole);
  expect(toReading(choicesOf({}))).toEqual({});
  expect(Reading.safeParse(toReading(choicesOf(whole))).success).toBe(true);
});

test('a line that is none is not sent', () => {
  for (const headerLine of ['0', 'x', '-1', '1001', '1.5'])
    expect(toReading({ ...choicesOf({}), headerLine })).toBeUndefined();
});

test('each report has what was said of its own files', () => {
  const sources = [{ name: 'checks', key: ['id'], reading: whole }];
  const project = { reading: { decimal: 'point' as const }, sources };
  expect(readingOf(project, { source: null })).toEqual({ decimal: 'point' });
  expect(readingOf(project, { source: 'checks' })).toEqual(whole);
  expect(readingOf(project, { source: 'gone' })).toEqual({});
});
