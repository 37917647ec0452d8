import { FeedRequest, type Feed } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { choicesOf, problemsOf, requestOf } from './feed-choices.ts';

const stored = { name: 'nightly', since: '2026-01-01T00:00:00.000Z', report: null } as const;
const feeds: readonly Feed[] = [
  {
    ...stored,
    kind: 'url',
    address: 'https://plant.example/a.csv',
    schedule: { kind: 'every', minutes: 15 },
    secret: 'plant_api',
    sendAs: { as: 'header', name: 'X-Api-Key' },
  },
  {
    ...stored,
    kind: 's3',
    address: 's3://reports/daily/',
    schedule: { kind: 'daily', at: '05:30' },
    secret: null,
    region: 'sa-east-1',
    endpoint: 'http://minio.plant:9000',
    report: 'checks',
  },
  { ...stored, kind: 'folder', address: '/mnt/exports', schedule: { kind: 'asked' } },
];

test.each(feeds)('the form of a $kind sends what it was filled with', (feed) => {
  const { name: _name, since: _since, ...request } = feed;
  const choices = choicesOf(feed);
  expect(problemsOf(choices, ['other'])).toEqual({});
  expect(FeedRequest.parse(requestOf(choices))).toEqual(request);
});

test('what cannot be sent is said at its field', () => {
  const empty = choicesOf(null);
  expect(problemsOf(empty, [])).toEqual({ name: 'name', address: 'address' });
  const good = { ...empty, name: 'a', address: 'https://plant.example/a.csv' };
  expect(problemsOf(good, [])).toEqual({});
  expect(problemsOf(good, ['a'])).toEqual({ name: 'nameTaken' });
  expect(problemsOf({ ...good, minutes: '0' }, [])).toEqual({ minutes: 'minutes' });
  expect(problemsOf({ ...good, schedule: 'daily', time: '24:00' }, [])).toEqual({ time: 'time' });
  expect(problemsOf({ ...good, secret: 'Not a name' }, [])).toEqual({ secret: 'secret' });
  expect(problemsOf({ ...good, secret: 'a', sendAs: 'query' }, [])).toEqual({ sendName: 'sendName' });
  expect(problemsOf({ ...good, kind: 's3' }, [])).toEqual({ address: 'address' });
});
