import type { Upload } from '@kaefer/contracts';
import { expect, test } from 'vitest';
import { changedRows, pendingUploads } from './pending.ts';

const upload = (id: string, status: Upload['status'], receivedAt: string): Upload => ({
  id,
  project: 'p',
  source: null,
  feed: null,
  filename: `${id}.csv`,
  bytes: 1,
  sha256: '',
  status,
  receivedAt,
  dialect: null,
  columns: [],
  preview: [],
  rows: { total: 10, new: 4, updated: 3, unchanged: 2, rejected: 1 },
  problems: [],
  contractVersion: null,
});

test('what was merged or discarded waits no longer, and the oldest comes first', () => {
  const list = [
    upload('late', 'valid', '2026-03-02T00:00:00Z'),
    upload('merged', 'merged', '2026-03-01T00:00:00Z'),
    upload('early', 'invalid', '2026-03-01T00:00:00Z'),
    upload('gone', 'discarded', '2026-03-01T00:00:00Z'),
  ];
  expect(pendingUploads(list).map(({ id }) => id)).toEqual(['early', 'late']);
});

test('new and updated rows are what a retrain would learn from', () => {
  const list = [upload('a', 'valid', ''), upload('b', 'valid', '')];
  expect(changedRows(list)).toBe(14);
});
