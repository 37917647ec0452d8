import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { append, deleteWhere, DeltaTable, fetchScan } from '../src/index.ts';
import { S3Store } from '../src/s3-store.ts';
import type { S3StoreOptions } from '../src/s3-store.ts';
import { partialReads } from '../test/partial-reads.ts';
import { storeContract } from '../test/store-contract.ts';
import { testConnection } from '../test/workspace.ts';

/** An empty S3 server and a Python with delta-rs, which scripts/conformance.mjs provides. */
const endpoint = process.env['KAFER_S3_ENDPOINT'] ?? '';
const bucket = 'contract';
const newClient = (): S3Client => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
};
const client = newClient();
const connection = await testConnection();
await client.send(new CreateBucketCommand({ Bucket: bucket }));

const openStore = (options: Partial<S3StoreOptions> = {}): S3Store => {
  const store = new S3Store({ client, bucket, prefix: randomUUID(), ...options });
  onTestFinished(() => store.dispose());
  return store;
};
const schema = [{ name: 'id', type: 'long', nullable: true }] as const;

storeContract('S3', () => {
  const prefix = `some prefix/${randomUUID()}`;
  return () => new S3Store({ client, bucket, prefix, partBytes: 5 * 1024 * 1024 });
});

partialReads('S3', (options) => {
  let bytes = 0;
  const counting = newClient();
  counting.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        const { headers, statusCode } = answer.response as {
          headers: Record<string, string>;
          statusCode: number;
        };
        // That an object is not there is said in an answer with a body, too.
        if (commandName === 'GetObjectCommand' && statusCode < 300)
          bytes += Number(headers['content-length']);
        return answer;
      },
    { step: 'deserialize', priority: 'low' },
  );
  return { store: openStore({ client: counting, ...options }), fetchedBytes: () => bytes };
});

describe('S3', () => {
  test('goes on with a range whose answer breaks off', async () => {
    const breaking = newClient();
    let answersToBreak = 2;
    breaking.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          const { input } = args as { input: { Range?: string } };
          if (commandName !== 'GetObjectCommand' || input.Range === undefined || answersToBreak === 0)
            return answer;
          answersToBreak--;
          const output = answer.output as { Body?: { transformToByteArray: () => Promise<Uint8Array> } };
          if (output.Body) output.Body.transformToByteArray = () => Promise.reject(new Error('aborted'));
          return answer;
        },
      { step: 'initialize' },
    );
    const prefix = randomUUID();
    const rows = '(SELECT i AS id, hash(i) AS h FROM range(200000) r(i))';
    const columns = [...schema, { name: 'h', type: 'double', nullable: true } as const];
    await append(connection, await DeltaTable.create(openStore({ prefix }), { schema: columns }), {
      source: rows,
    });
    const table = await DeltaTable.open(openStore({ prefix, client: breaking }));
    const scan = await fetchScan(table, await table.snapshot(), { columns: ['id'] });
    expect(answersToBreak).toBe(0);
    const reader = await connection.runAndReadAll(`SELECT sum(id) FROM ${scan}`);
    expect(Number(reader.getRows()[0]?.[0])).toBe((199_999 * 200_000) / 2);
  });

  test('lists more objects than one answer holds, and none of a place whose name only begins alike', async () => {
    const prefix = randomUUID();
    const paths = Array.from({ length: 1005 }, (_, i) => `d/${String(i).padStart(4, '0')}`);
    for (const path of paths)
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}/${path}`, Body: 'x' }));
    await openStore({ prefix: `${prefix}-other` }).put('d/x', Buffer.from(''));
    expect((await openStore({ prefix }).list('d/')).map(({ path }) => path)).toEqual(paths);
  });

  test('leaves no part of an upload behind', async () => {
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    expect(Uploads).toEqual([]);
  });

  test('knows its own commit when the answer to it was lost', async () => {
    const losing = newClient();
    let answersToLose = 0;
    losing.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName !== 'PutObjectCommand' || answersToLose === 0) return answer;
          answersToLose--;
          throw Object.assign(new Error('The connection was reset.'), { name: 'TimeoutError' });
        },
      { step: 'deserialize', priority: 'low' },
    );
    const table = await DeltaTable.create(openStore({ client: losing }), { schema });
    answersToLose = 1;
    const lost = await table.commit(await table.snapshot(), { operation: 'WRITE' });
    expect(answersToLose).toBe(0);
    expect(lost).toEqual({ committed: true, version: 1 });
    expect((await table.snapshot()).version).toBe(1);
  });

  test('delta-rs reads our table there, and we read on after its append', async () => {
    const prefix = randomUUID();
    const table = await DeltaTable.create(openStore({ prefix }), { schema });
    await append(connection, table, { source: '(SELECT i AS id FROM range(5) r(i))' });
    await deleteWhere(connection, table, { where: { column: 'id', is: '=', value: 3 } });
    const script = fileURLToPath(new URL('./s3_continue.py', import.meta.url));
    const python = process.env['KAFER_PYTHON'] ?? 'python3';
    const { stdout } = await promisify(execFile)(python, [script, endpoint, `s3://${bucket}/${prefix}`]);
    expect(JSON.parse(stdout)).toEqual({ version: 3, ids: [0, 1, 2, 4] });
    const scan = await fetchScan(table, await table.snapshot());
    const reader = await connection.runAndReadAll(`SELECT id FROM ${scan} ORDER BY id`);
    expect(reader.getRowsJson().flat().map(Number)).toEqual([0, 1, 2, 4, 100]);
  });

  test('refuses a server that ignores conditions', async () => {
    const ignoring = newClient();
    ignoring.middlewareStack.add(
      (next) => (args) => {
        if (typeof args.request === 'object' && args.request !== null && 'headers' in args.request)
          delete (args.request.headers as Record<string, string>)['if-none-match'];
        return next(args);
      },
      { step: 'build' },
    );
    const store = openStore({ client: ignoring });
    await expect(DeltaTable.create(store, { schema })).rejects.toMatchObject({
      code: 'unsupported_feature',
      message: expect.stringContaining('If-None-Match') as unknown,
    });
    expect(await store.list('')).toEqual([]);
  });

  test('names a bucket that is not there, and a part size that S3 refuses', async () => {
    await expect(DeltaTable.open(openStore({ bucket: 'no-such-bucket' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(DeltaTable.open(openStore())).rejects.toMatchObject({
      code: 'table_not_found',
      message: expect.stringContaining(`s3://${bucket}/`) as unknown,
    });
    expect(() => openStore({ partBytes: 1000 })).toThrow('5 MiB');
  });
});
