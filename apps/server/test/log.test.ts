import type { DestinationStream, pino } from 'pino';
import { expect, test } from 'vitest';
import { createLog } from '../src/log.ts';

test('the log never holds the secret of a sign-in link, nor headers', () => {
  const lines: string[] = [];
  const destination: DestinationStream = { write: (line) => void lines.push(line) };
  const log = createLog('info', destination as ReturnType<typeof pino.destination>);
  const req = {
    method: 'GET',
    url: '/sign-in?token=verysecret',
    headers: { authorization: 'Bearer verysecret' },
  };
  log.info({ req }, 'incoming request');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('/sign-in');
  expect(lines[0]).not.toContain('verysecret');
});
