import { expect, test } from 'vitest';
import { createEventReader } from './server-sent-events.ts';

test('an event is returned once its empty line has arrived', () => {
  const read = createEventReader();
  expect(read('event: stage\nda')).toEqual([]);
  expect(read('ta: {"a":1}\n')).toEqual([]);
  expect(read('\n')).toEqual([{ type: 'stage', data: '{"a":1}' }]);
});

test('comments that keep the connection alive are no events', () => {
  expect(createEventReader()(': ping\n\n')).toEqual([]);
});

test('several lines of data are one text, and any line end will do', () => {
  expect(createEventReader()('data: a\r\ndata: b\r\n\r\ndata:c\n\n')).toEqual([
    { type: 'message', data: 'a\nb' },
    { type: 'message', data: 'c' },
  ]);
});
