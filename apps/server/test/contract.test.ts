import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ContractSaved, ContractState, ContractVersion, Upload, type Contract } from '@kaefer/contracts';
import { rebuildDatabase } from '@kaefer/pipeline';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ApiClient } from './support/api-client.ts';
import { readCsv } from './support/read-csv.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { quickTraining, startedServer, token } from './support/started-server.ts';

const creation = { name: 'p', task: 'binary', target: 'failed', key: 'id', training: quickTraining } as const;
const rowsOf = (options: Parameters<typeof simulateRows>[0]): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets.binary);
const path = '/api/v1/projects/p/contract';
const get = (api: ApiClient, query = ''): Promise<ContractState> =>
  api.call(ContractState, 200, `${path}${query}`);
const versionsOf = async (api: ApiClient): Promise<ContractVersion[]> =>
  (await api.call(z.object({ items: z.array(ContractVersion) }), 200, `${path}/versions`)).items;
const put = (api: ApiClient, json: object, headers: Record<string, string> = {}): Promise<ContractSaved> =>
  api.call(ContractSaved, 200, path, { method: 'PUT', json, headers });
const withColumn = (
  { contract }: Pick<ContractState, 'contract'>,
  name: string,
  part: Partial<Contract['columns'][number]>,
): Contract => ({
  ...contract,
  columns: contract.columns.map((column) => (column.name === name ? { ...column, ...part } : column)),
});

describe('a contract', () => {
  test('is inferred from the first file, edited, versioned, audited, kept in the lake, and rebuilt', async () => {
    const { api, server, dataDir } = await startedServer();
    await api.createProject(creation);
    expect(await get(api)).toMatchObject({ version: 0, isInferred: true, contract: { columns: [] } });
    await api.learn('p', rowsOf({ count: 600 }));
    const inferred = await get(api);
    expect(inferred).toMatchObject({ version: 1, isInferred: true, changedBy: null });
    const torque = inferred.contract.columns.find(({ name }) => name === 'torque');
    expect(torque?.type).toBe('number');
    expect(torque?.min).toEqual(expect.any(Number));
    expect(inferred.columns.find(({ name }) => name === 'id')).toMatchObject({
      role: 'key',
      tableType: 'text',
    });

    const waiting = await api.upload('p', rowsOf({ count: 20, first: 2001, seed: 3 }));
    expect(waiting).toMatchObject({ contractVersion: 1, rows: { rejected: 0 } });
    const contract = {
      ...withColumn(inferred, 'torque', { min: 1e6, max: null }),
      rules: { out_of_range: 'reject_rows' },
    };
    const saved = await put(api, { contract, note: 'torque in mNm' }, { 'if-match': '"1"' });
    expect(saved).toMatchObject({ version: 2, isInferred: false, changedBy: 'token', rechecked: 1 });
    // The file that waits was checked again, and only it.
    const { items } = await api.call(z.object({ items: z.array(Upload) }), 200, '/api/v1/projects/p/uploads');
    expect(items.map(({ status, contractVersion }) => [status, contractVersion])).toEqual([
      ['invalid', 2],
      ['discarded', null],
      ['merged', null],
    ]);
    expect(items[0]?.problems.map(({ code }) => code)).toContain('out_of_range');
    expect((await api.dataset('p')).rows).toBe(600);

    // Nobody else's change is lost.
    await api.refused('contract_changed', 412, path, {
      method: 'PUT',
      json: { contract },
      headers: { 'if-match': '"1"' },
    });
    await api.refused('contract_changed', 412, path, { method: 'PUT', json: { contract, version: 1 } });
    expect(await put(api, { contract, version: 2 })).toMatchObject({ version: 2, rechecked: 0 });
    await put(api, { contract: { ...contract, driftLimit: 0.5 } });
    const history = await versionsOf(api);
    expect(history.map(({ version, changedBy, note }) => [version, changedBy, note])).toEqual([
      [3, 'token', null],
      [2, 'token', 'torque in mNm'],
      [1, null, null],
    ]);
    const before = await get(api);
    await server.stop();

    const audited = (): unknown[] => {
      const db = new Database(join(dataDir, 'kaefer.db'));
      const rows = db.prepare(`SELECT actor, detail FROM audit WHERE action = 'contract' ORDER BY id`).all();
      db.close();
      return rows;
    };
    const audit = audited();
    expect(audit).toHaveLength(2);
    // A stop between the database and the lake: the file is written at the next start.
    const file = join(dataDir, 'lake/projects/p/contract/3.json');
    expect(existsSync(file)).toBe(true);
    rmSync(file);
    const again = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    await again.stop();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 3 });
    await rebuildDatabase(dataDir);
    expect(audited()).toEqual(audit);
    const third = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    const client = new ApiClient(third.address, token);
    expect(await get(client)).toEqual(before);
    expect(await versionsOf(client)).toEqual(history);
    await third.stop();
  });

  test('cannot be what the data is not, and says why', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    await api.learn('p', rowsOf({ count: 200 }));
    const state = await get(api);
    const { contract } = state;
    const refused = (code: Parameters<ApiClient['refused']>[0], changed: unknown): Promise<unknown> =>
      api.refused(code, 400, path, { method: 'PUT', json: { contract: changed } });
    await refused('contract_column_needed', { ...contract, columns: contract.columns.slice(1) });
    await refused(
      'contract_type_impossible',
      withColumn(state, 'torque', { type: 'date', min: null, max: null }),
    );
    await refused('contract_type_impossible', withColumn(state, 'id', { type: 'integer' }));
    await refused('contract_name_twice', withColumn(state, 'torque', { synonyms: ['STATION'] }));
    await refused('contract_name_reserved', {
      ...contract,
      columns: [...contract.columns, { name: '_upload', type: 'text' }],
    });
    await refused('contract_range_impossible', withColumn(state, 'torque', { min: 5, max: 4 }));
    await refused('contract_range_impossible', withColumn(state, 'id', { min: 5 }));
    await refused('contract_values_impossible', withColumn(state, 'torque', { allowed: ['1.5'] }));
    await refused('contract_freshness_impossible', { ...contract, freshness: { column: 'torque', days: 3 } });
    await refused('invalid_request', { ...contract, rules: { key_missing: 'ignore' } });
    await api.refused('source_not_found', 404, `${path}?source=none`);
    await api.refused('invalid_request', 400, path, {
      method: 'PUT',
      json: { contract },
      headers: { 'if-match': 'newest' },
    });
    expect(await get(api)).toEqual(state);
  });

  test('of a project from before there were contracts is inferred from its data', async () => {
    const { api, server, dataDir } = await startedServer();
    await api.createProject(creation);
    await api.learn('p', rowsOf({ count: 200 }));
    await server.stop();
    rmSync(join(dataDir, 'lake/projects/p/contract'), { recursive: true });
    const db = new Database(join(dataDir, 'kaefer.db'));
    db.exec('DELETE FROM contracts');
    db.close();
    const again = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    const client = new ApiClient(again.address, token);
    const state = await get(client);
    expect(state).toMatchObject({ version: 0, isInferred: true });
    expect(state.contract.columns.map(({ name, type }) => [name, type])).toEqual(
      (await client.dataset('p')).columns.map(({ name, type }) => [name, type]),
    );
    expect((await client.upload('p', rowsOf({ count: 20, first: 900 }))).status).toBe('valid');
    expect((await put(client, { contract: state.contract, note: 'as it is' })).version).toBe(2);
    await again.stop();
  });

  test('of a report is its own: a rule of it leaves the other reports as they are', async () => {
    const { api } = await startedServer();
    const sources = [
      { name: 'checks', key: ['knr', 'name'] },
      { name: 'failures', key: ['knr'] },
    ];
    await api.createProject({ ...creation, key: 'knr', sources });
    const send = (source: string, text: string): Promise<Upload> =>
      api.call(Upload, 201, `/api/v1/projects/p/uploads?source=${source}&filename=${source}.csv`, {
        csv: text,
      });
    const checks = (values: readonly number[]): string =>
      `knr,name,value\n${values.map((value, index) => `K${index},torque,${value}`).join('\n')}\n`;
    const failures = 'knr,defect,value\nK1,noise,500\nK2,leak,900\n';
    expect(await send('checks', checks([1.5, 2.5, 3.5]))).toMatchObject({
      status: 'valid',
      source: 'checks',
    });
    await send('failures', failures);
    const inferred = await get(api, '?source=checks');
    expect(inferred.contract.columns.map(({ name }) => name)).toEqual(['knr', 'name', 'value']);
    const contract = {
      ...withColumn(inferred, 'value', { min: 0, max: 10 }),
      rules: { out_of_range: 'reject_rows' },
    };
    const saved = await api.call(ContractSaved, 200, `${path}?source=checks`, {
      method: 'PUT',
      json: { contract, note: 'in Nm' },
    });
    expect(saved).toMatchObject({ version: 2, rechecked: 1 });
    expect(await send('checks', checks([4, 500, 5]))).toMatchObject({
      contractVersion: 2,
      rows: { total: 3, rejected: 1 },
      problems: expect.arrayContaining([
        expect.objectContaining({ code: 'out_of_range', column: 'value', rejectsRows: true }),
      ]) as unknown,
    });
    expect(await send('failures', failures.replace('K1', 'K3'))).toMatchObject({
      contractVersion: null, // taken from a file, it binds nobody before one is in the data
      rows: { rejected: 0 },
    });
    expect(await get(api, '?source=failures')).toMatchObject({ version: 1, isInferred: true });
  });

  test('taken from a file that was thrown away is taken from the next one', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    const wrong = await api.upload('p', 'id,other,failed\n1,2,yes\n2,3,no\n');
    expect((await get(api)).contract.columns.map(({ name }) => name)).toContain('other');
    await api.call(Upload, 200, `/api/v1/uploads/${wrong.id}`, { method: 'DELETE' });
    const right = await api.upload('p', rowsOf({ count: 20 }));
    expect(right.problems.map(({ code }) => code)).not.toContain('missing_column');
    const state = await get(api);
    expect(state).toMatchObject({ version: 2, isInferred: true });
    expect(state.contract.columns.map(({ name }) => name)).not.toContain('other');
  });

  test('may refuse a file that was sent before', async () => {
    const { api } = await startedServer();
    await api.createProject(creation);
    const rows = rowsOf({ count: 200 });
    await api.learn('p', rows);
    const state = await get(api);
    await put(api, { contract: { ...state.contract, rules: { sent_before: 'reject_file' } } });
    const again = await api.upload('p', rows);
    expect(again).toMatchObject({
      status: 'invalid',
      rows: { total: 200, unchanged: 0 },
      problems: [{ code: 'sent_before', severity: 'error' }],
    });
    await api.refused('upload_not_usable', 409, '/api/v1/projects/p/runs', {
      json: { uploads: [again.id], mode: 'full' },
    });
  });
});

describe('rejected rows', () => {
  test('are written as the file was, and corrected and sent again they are merged', async () => {
    const { api } = await startedServer();
    await api.createProject({ ...creation, target: 'falhou', key: 'chave' });
    const lines = ['chave;medida;observação;falhou'];
    for (let row = 0; row < 250; row++)
      lines.push(`k${row};${row},5;texto “${row}”;${row % 3 === 0 ? 'sim' : 'não'}`);
    lines.push('x0;muito;=1+1;sim', "x1;7,25;'=2;", 'x2;8,75;até;não');
    const text = lines.join('\r\n') + '\r\n';
    const windows = (of: string): Uint8Array =>
      Uint8Array.from(of, (sign) => ({ '“': 0x93, '”': 0x94 })[sign] ?? sign.charCodeAt(0));
    const send = (csv: Uint8Array): Promise<Upload> =>
      api.call(Upload, 201, '/api/v1/projects/p/uploads?filename=maio.csv', { csv });
    const sent = await send(windows(text));
    expect(sent).toMatchObject({
      status: 'valid',
      dialect: { encoding: 'windows-1252' },
      rows: { rejected: 2 },
    });
    await api.decide((await api.runToDecision('p', [sent.id])).id, 'candidate');

    const response = await api.send(`/api/v1/uploads/${sent.id}/rejected.csv`, {
      headers: { 'accept-language': 'pt-BR' },
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const given = Buffer.from(bytes).toString('latin1').replaceAll('\x93', '“').replaceAll('\x94', '”');
    const rows = given.split('\r\n');
    expect(rows[0]).toBe('chave;medida;observação;falhou;Käfer linha;Käfer motivo');
    expect(rows[1]).toMatch(/^x0;muito;'=1\+1;sim;252;.*“muito” não é número/);
    expect(rows[2]).toMatch(/^x1;7,25;''=2;;253;/);

    const corrected = given.replace(';muito;', ';6,5;').replace("''=2;;", "''=2;não;");
    const again = await send(windows(corrected));
    expect(again.problems.map(({ code }) => code)).toEqual([]);
    expect(again).toMatchObject({ status: 'valid', rows: { new: 2, rejected: 0 } });
    const run = await api.runToDecision('p', [again.id]);
    expect(run.merged).toEqual({ new: 2, updated: 0, unchanged: 0 });
    const exact = readCsv(await api.text('/api/v1/projects/p/dataset.csv?cells=exact'));
    expect(exact.find(({ chave }) => chave === 'x0')).toMatchObject({ medida: '6.5', observação: '=1+1' });
    expect(exact.find(({ chave }) => chave === 'x1')).toMatchObject({ medida: '7.25', observação: "'=2" });
    const safe = readCsv(await api.text('/api/v1/projects/p/dataset.csv'));
    expect(safe.find(({ chave }) => chave === 'x0')).toMatchObject({ observação: "'=1+1" });
  });
});
