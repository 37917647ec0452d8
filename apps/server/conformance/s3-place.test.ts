import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Feed } from '@kaefer/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { AllowedHosts } from '../src/intake/allowed-hosts.ts';
import { S3Place } from '../src/intake/s3-place.ts';
import { Secrets } from '../src/intake/secrets.ts';
import { placeContract } from '../test/intake/place-contract.ts';

/** An S3 server, which scripts/conformance.mjs provides. */
const endpoint = process.env['KAFER_S3_ENDPOINT'] ?? '';
const client = new S3Client({
  endpoint,
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  region: 'us-east-1',
  forcePathStyle: true,
});
const bucket = `intake-${randomUUID()}`;
await client.send(new CreateBucketCommand({ Bucket: bucket }));
const { signal } = new AbortController();
const secrets = new Secrets({ KAFER_SECRET_S3: 'any:any', KAFER_SECRET_BAD: 'any' }, null);

function openPlace(address: string, part: Partial<Extract<Feed, { kind: 's3' }>> = {}): S3Place {
  const feed = {
    name: 'f',
    since: '2026-01-01T00:00:00.000Z',
    report: null,
    schedule: { kind: 'asked' },
    kind: 's3',
    address,
    secret: 's3',
    region: 'us-east-1',
    endpoint,
    ...part,
  } as const;
  const place = new S3Place(feed, new AllowedHosts([new URL(endpoint).host]), secrets);
  onTestFinished(() => place.close());
  return place;
}
const write = async (key: string, content: string): Promise<void> =>
  void (await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content })));

placeContract('S3', () => {
  const prefix = `${randomUUID()}/some place/`;
  let isFirst = true;
  return Promise.resolve({
    place: openPlace(`s3://${bucket}/${prefix}`),
    write: async (name, content) => {
      // Objects have their times by the second.
      if (!isFirst) await new Promise((resolve) => setTimeout(resolve, 1100));
      isFirst = false;
      await write(`${prefix}${name}`, content);
    },
  });
});

test('a prefix holds what lies below it, however much, and nothing that only begins alike elsewhere', async () => {
  const prefix = `${randomUUID()}/`;
  const keys = Array.from({ length: 1003 }, (_, i) => `${prefix}${i % 7}/${String(i).padStart(4, '0')}.csv`);
  for (const key of keys) await write(key, 'a');
  await write(`other-${prefix}x.csv`, 'a');
  const files = await openPlace(`s3://${bucket}/${prefix}`).list(signal);
  expect(files.map(({ file }) => file).sort()).toEqual(keys.map((key) => `s3://${bucket}/${key}`).sort());
});

test('what is in the way is said for what it is', async () => {
  await expect(openPlace('s3://no-such-bucket-here/a').list(signal)).rejects.toMatchObject({
    code: 'feed_nothing_there',
  });
  await expect(
    openPlace(`s3://${bucket}/a`).open(
      { file: `s3://${bucket}/gone.csv`, version: '"x"', filename: 'gone.csv', bytes: 1 },
      signal,
    ),
  ).rejects.toMatchObject({ code: 'feed_nothing_there' });
  expect(() => openPlace(`s3://${bucket}/a`, { secret: 'bad' })).toThrow(
    expect.objectContaining({ code: 'feed_secret_malformed' }),
  );
  expect(() => openPlace(`s3://${bucket}/a`, { endpoint: 'http://10.0.0.1' })).toThrow(
    expect.objectContaining({ code: 'feed_host_not_allowed' }),
  );
});
