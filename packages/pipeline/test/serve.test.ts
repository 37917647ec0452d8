import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Booster, DMatrix } from '@kaefer/xgboost';
import { parse } from 'csv-parse/sync';
import type { Cell } from '@kaefer/contracts';
import { describe, expect, test } from 'vitest';
import { Encoder } from '../src/features/encoder.ts';
import { findCurrentTable } from '../src/lake/project-table.ts';
import { exportDataset } from '../src/serve/export-dataset.ts';
import { predictFile, type FilePredictions } from '../src/serve/predict-file.ts';
import { readRecord } from '../src/serve/read-record.ts';
import { ServedModel } from '../src/serve/served-model.ts';
import { quoteText } from '../src/sql/quote.ts';
import { safeNames } from '../src/train/training-matrices.ts';
import { csvOf, simulateRows, TestProject, type Row } from './project.ts';
import { fileLimits, fileFolder, rowsOf, testConnection, testFolder, writeFileIn } from './workspace.ts';

const connection = await testConnection();
const path = fileFolder();
const project = new TestProject(join(path, 'binary'), {
  task: 'binary',
  target: 'failed',
  key: 'id',
  positive: 'yes',
});
const rows = simulateRows(900, 0, 1);
await project.add('u1', rows);
await project.train(1);
await project.evaluate(1, null, []);
const model = ServedModel.load(project.folder.model(1), 1);
const classes = new TestProject(join(path, 'classes'), { task: 'multiclass', target: 'shop', key: 'id' });
await classes.add('u1', rows);
await classes.train(1);
const classModel = ServedModel.load(classes.folder.model(1), 1);

const byKey = new Map(rows.map((row) => [String(row['id']), row]));
const current = async () => {
  const table = await findCurrentTable(project.folder.table);
  if (table === undefined) throw new Error('no table');
  return table;
};

/** What the library itself says of records. */
function libraryOutputs(
  of: TestProject,
  records: readonly Row[],
  kind: 'value' | 'margin',
): { values: Float32Array; groups: number } {
  const { features } = of.card(1);
  const encoder = new Encoder(features);
  const matrix = new Float32Array(records.length * features.length);
  records.forEach((record, index) =>
    encoder.encode(
      record,
      new Set(Object.keys(record)),
      index + 1,
      matrix.subarray(index * features.length, (index + 1) * features.length),
    ),
  );
  const booster = Booster.load(readFileSync(of.folder.model(1).model));
  const data = DMatrix.fromDense(
    matrix,
    { rows: records.length, columns: features.length },
    { featureNames: safeNames(features.map(({ name }) => name)) },
  );
  try {
    const { values } = booster.predict(data, { kind });
    return { values, groups: values.length / records.length };
  } finally {
    data.dispose();
    booster.dispose();
  }
}

describe('a served model', () => {
  test('gives the scores that the comparison computed, to the last bit', async () => {
    const holdout = await rowsOf(
      await testConnection(),
      `SELECT key, candidate::DOUBLE AS candidate FROM read_parquet(${quoteText(project.folder.model(1).holdout)})`,
    );
    const records = holdout.map(({ key }) => byKey.get(String(key)) ?? {});
    const predictions = model.predict(records, false);
    expect(predictions.map(({ score }) => score)).toEqual(holdout.map(({ candidate }) => Number(candidate)));
    expect([...libraryOutputs(project, records, 'value').values]).toEqual(
      predictions.map(({ score }) => score),
    );
    const { threshold } = project.card(1);
    for (const prediction of predictions) {
      expect(prediction.threshold).toBe(threshold);
      expect(prediction.label).toBe(prediction.score >= (threshold ?? 0) ? 'yes' : 'no');
    }
  });

  test('explains a score: base and reasons add up to the margin, the strongest first', () => {
    for (const [of, served] of [
      [project, model],
      [classes, classModel],
    ] as const) {
      const records = rows.slice(0, 40);
      const { values, groups } = libraryOutputs(of, records, 'margin');
      served.predict(records, true).forEach(({ explanation, label }, index) => {
        const group = groups === 1 ? 0 : of.card(1).classes.indexOf(String(label));
        const reasons = explanation?.reasons ?? [];
        const sum = reasons.reduce((total, { contribution }) => total + contribution, explanation?.base ?? 0);
        expect(sum).toBeCloseTo(values[index * groups + group] ?? Number.NaN, 4);
        const strengths = reasons.map(({ contribution }) => Math.abs(contribution));
        expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
        for (const { feature, value } of reasons) expect(value).toBe(records[index]?.[feature] ?? null);
      });
    }
  });

  test('of several classes gives every class its probability and names the likeliest', () => {
    const records = rows.slice(0, 50);
    const { values, groups } = libraryOutputs(classes, records, 'value');
    classModel.predict(records, false).forEach(({ score, scores, label, threshold }, index) => {
      const own = [...values.subarray(index * groups, (index + 1) * groups)];
      expect(Object.values(scores ?? {})).toEqual(own);
      expect(score).toBe(Math.max(...own));
      expect(scores?.[label]).toBe(score);
      expect(threshold).toBeNull();
    });
  });

  test('names texts that it never saw, and scores them as missing', () => {
    const [record = {}] = rows;
    const [unseen, missing, known] = model.predict(
      [
        { ...record, shop: 'moon' },
        { ...record, shop: null },
        { ...record, shop: 'north' },
      ],
      false,
    );
    expect(unseen?.unseen).toEqual(['shop']);
    expect(missing?.unseen).toBeUndefined();
    expect(known?.unseen).toBeUndefined();
    expect(unseen?.score).toBe(missing?.score);
  });

  test('reads numbers, booleans and dates as JSON or as text, and ignores columns that it does not need', () => {
    const as = (record: Record<string, Cell>) => model.predict([record], false)[0]?.score;
    expect(as({ x: 5.25, shop: 'north', active: true, built: '2025-03-01' })).toBe(
      as({ x: ' 5.25', shop: 'north', active: 'TRUE', built: '2025-03-01T13:00:00Z', id: 'new', other: 1 }),
    );
    expect(as({ x: null, shop: '', active: 'NA', built: null })).toBe(
      as({ x: '', shop: null, active: null, built: '-' }),
    );
  });

  test('refuses rows without a needed column and values of another type, by name', () => {
    const [first = {}, second = {}] = rows;
    const { x: _x, ...without } = first;
    expect(() => model.predict([without], false)).toThrow(
      expect.objectContaining({ code: 'column_never_seen', parameters: { column: 'x' } }),
    );
    expect(model.predict([without, second], false)).toHaveLength(2);
    expect(() => model.predict([first, { ...second, built: 'tomorrow' }], false)).toThrow(
      expect.objectContaining({
        code: 'value_not_understood',
        parameters: { row: 2, column: 'built', value: 'tomorrow', type: 'date' },
      }),
    );
    expect(() => ServedModel.load(project.folder.model(9), 9)).toThrow(
      expect.objectContaining({ code: 'model_not_found' }),
    );
  });
});

describe('a file to predict', () => {
  const predict = async (
    content: string | Uint8Array,
  ): Promise<FilePredictions & { readonly text: string }> => {
    const folder = testFolder();
    const output = join(folder, 'out.csv');
    const input = writeFileIn(folder, 'in.csv', content);
    const decoded = join(folder, 'decoded.csv');
    const made = await predictFile(await testConnection(), model, input, decoded, output, fileLimits);
    return { ...made, text: readFileSync(output, 'utf8') };
  };

  test('may be packed', async () => {
    const plain = csvOf(rows.slice(0, 50));
    expect(await predict(gzipSync(plain))).toEqual(await predict(plain));
    await expect(predict(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0))).rejects.toMatchObject({
      code: 'csv_not_readable',
      parameters: { reason: 'it is an Excel workbook in the old .xls format or with a password' },
    });
  });

  test('may be several put together, whose column names are no rows', async () => {
    const [header, ...lines] = ['x,shop,active,built', '1,north,true,2025-01-01', '2,south,false,2025-01-02'];
    const once = await predict([header, ...lines].join('\n'));
    const twice = await predict([header, lines[0], header, lines[1], header].join('\n'));
    expect(once.notes).toEqual([]);
    expect(twice).toEqual({
      rows: 2,
      text: once.text,
      notes: [{ code: 'header_repeated', parameters: { lines: 2, line: 3 }, line: 3, count: 2 }],
    });
  });

  test('says which texts the model never saw', async () => {
    const cells = ['moon', 'north', 'mars', 'moon', ''].map((shop) => `1.5,${shop},true,2025-02-01`);
    const { notes } = await predict(['x,shop,active,built', ...cells].join('\n'));
    expect(notes).toEqual([
      {
        code: 'never_seen',
        parameters: { column: 'shop', value: 'moon' },
        column: 'shop',
        line: 2,
        value: 'moon',
        count: 3,
        examples: [
          { line: 2, value: 'moon' },
          { line: 4, value: 'mars' },
        ],
      },
    ]);
  });

  test('says what it leaves open, and is refused where its values would be chosen by chance', async () => {
    const written = (x: string, built: string): string => `x;shop;active;built\n${x};north;true;${built}\n`;
    const codes = ({ notes }: FilePredictions): unknown[] => notes.map(({ code, column }) => [code, column]);
    expect(codes(await predict(written('1.5', '2025-02-01')))).toEqual([]);
    expect(codes(await predict(written('1.500', '2025-02-01')))).toEqual([['ambiguous_point', 'x']]);
    expect(codes(await predict(written('1.5', '01/02/2025')))).toEqual([['date_order_assumed', 'built']]);
    const withCommas = (x: string, built: string): string => written(`"${x}"`, built).replaceAll(';', ',');
    for (const [content, code, parameters] of [
      [withCommas('1.5', '01/02/2025'), 'values_ambiguous', { column: 'built', value: '01/02/2025' }],
      [withCommas('1,500', '2025-02-01'), 'values_ambiguous', { column: 'x', value: '1,500' }],
      [
        `${written('1.5', '31/01/2025')}1.5;north;true;01/31/2025\n`,
        'dates_mixed',
        { column: 'built', value: '31/01/2025', other: '01/31/2025' },
      ],
    ] as const)
      await expect(predict(content)).rejects.toMatchObject({ code, parameters });
  });

  test('may have answers in words, times of twelve hours and quotation marks behind a backslash', async () => {
    const scores = ({ text }: { readonly text: string }): unknown[] =>
      parse(text, { columns: true }).map((row) => (row as { score: unknown }).score);
    const header = 'x,shop,active,built,note\n';
    const plain = `${header}5.25,north,true,2025-03-01,a\n1,south,false,2025-02-13,b\n2,north,true,2025-03-02,c\n`;
    const written =
      `${header}5.25,"north",Sim,2025-03-01 2:15 PM,"say \\"hi\\" there"\n` +
      `1,"south",Não,"2025-02-13, 12:00:00 AM",b\n2,"north",s,2025-03-02 11:59:59.999999999 PM,c\n`;
    expect(scores(await predict(written))).toEqual(scores(await predict(plain)));
  });

  test('comes back with the same rows in the same order, quoted as needed, and three columns more', async () => {
    const chosen = rows.slice(0, 200);
    const { rows: count, text } = await predict(csvOf(chosen));
    expect(count).toBe(200);
    const answers: Record<string, string>[] = parse(text, { columns: true });
    const predictions = model.predict(chosen, false);
    answers.forEach(({ score, label, model: version, ...cells }, index) => {
      expect(cells).toEqual(
        Object.fromEntries(
          Object.entries(chosen[index] ?? {}).map(([name, value]) => [name, String(value ?? '')]),
        ),
      );
      expect([Number(score), label, version]).toEqual([
        predictions[index]?.score,
        predictions[index]?.label,
        '1',
      ]);
    });
  });

  test('keeps its delimiter; byte order mark, Windows line ends and line breaks in cells are no obstacle', async () => {
    const { text } = await predict(
      '\ufeffx;shop;active;built;note\r\n1,5;"Ost ""é""";true;2025-01-01;"a;b"\r\n'.replace('1,5', '1.5') +
        ';north;;;"two\nlines"\r\n',
    );
    const lines = parse(text, { delimiter: ';' });
    expect(lines[0]).toEqual(['x', 'shop', 'active', 'built', 'note', 'score', 'label', 'model']);
    expect(lines[1]?.slice(0, 5)).toEqual(['1.5', 'Ost "é"', 'true', '2025-01-01', 'a;b']);
    expect(lines[2]?.slice(0, 5)).toEqual(['', 'north', '', '', 'two\nlines']);
  });

  test('as a Brazilian Excel saves it gives the same scores as the plain file', async () => {
    const header = ['x', 'shop', 'active', 'built'];
    const plain = [
      ['1234.5', 'north', 'true', '2025-01-31'],
      ['0.25', 'south', '', '2025-02-01'],
      ['', 'Ost', 'false', ''],
    ];
    const brazilian = [
      ['1.234,5', 'north', 'true', '31/01/2025'],
      ['0,25', 'south', '', '01/02/2025'],
      ['NA', 'Ost', 'false', '-'],
    ];
    const rowsIn = (text: string, delimiter: string): string[][] => parse(text, { delimiter, from_line: 2 });
    const scoresOf = (text: string, delimiter: string): (string | undefined)[] =>
      rowsIn(text, delimiter).map((cells) => cells.at(-3));
    const expected = await predict([header, ...plain].map((cells) => cells.join(',')).join('\n'));
    const excel = [header.map((name) => name.toUpperCase()), ...brazilian].map((cells) => cells.join(';'));
    const answered = await predict(`sep=;\r\n${excel.join('\r\n')}\r\n`);
    expect(answered.rows).toBe(3);
    const withCommas = scoresOf(expected.text, ',').map((score) => score?.replace('.', ','));
    expect(scoresOf(answered.text, ';')).toEqual(withCommas);
    const [first = []] = rowsIn(answered.text, ';');
    expect(first.slice(0, 4)).toEqual(brazilian[0]);
    await expect(predict('x;shop;active;built\n1,5;n;;\n2.5x;n;;\n0,5;s;;\n')).rejects.toMatchObject({
      code: 'value_not_understood',
    });
  });

  test('is refused with a reason: empty, not text, a column missing, a row of another form, a wrong value', async () => {
    const header = 'x,shop,active,built\n';
    for (const [content, code] of [
      ['', 'csv_not_readable'],
      ['x\0', 'csv_not_readable'],
      ['x,shop\n1,north\n', 'column_never_seen'],
      [`${header}1,north\n`, 'csv_not_readable'],
      [`${header}1,"north,true,2025-01-01\n`, 'csv_not_readable'],
      [`${header}much,north,true,2025-01-01\n`, 'value_not_understood'],
    ] as const)
      await expect(predict(content)).rejects.toMatchObject({ code });
    expect((await predict(header)).rows).toBe(0);
  });
});

describe('a record of the lake', () => {
  test('is found by its key, and predicts as it did', async () => {
    const table = await current();
    for (const row of rows.slice(0, 20)) {
      const record = await readRecord(connection, table, 'id', ` ${String(row['id'])} `);
      expect(record).toEqual({ key: row['id'], values: row, upload: 'u1' });
      expect(model.predict([record.values], false)).toEqual(model.predict([row], false));
    }
    for (const key of ['nobody', "' OR 1=1 --"])
      await expect(readRecord(connection, table, 'id', key)).rejects.toMatchObject({
        code: 'record_not_found',
        parameters: { key },
      });
  });

  test('has its whole numbers exactly, however long', async () => {
    const own = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
    await own.add('u1', 'id,n,y\n1,9007199254740993,a\n2,-7,b\n');
    const table = await findCurrentTable(own.folder.table);
    if (table === undefined) throw new Error('no table');
    const valueOf = async (key: string): Promise<unknown> =>
      (await readRecord(connection, table, 'id', key)).values['n'];
    expect([await valueOf('1'), await valueOf('2')]).toEqual(['9007199254740993', -7]);
  });

  test('has its times to the microsecond and in every century', async () => {
    const own = new TestProject(testFolder(), { task: 'binary', target: 'y', key: 'id' });
    const values = { t: '1969-12-31T23:59:59.25+01:00', d: '0099-01-02' };
    await own.add('u1', `id,t,d,y\n1,${values.t},${values.d},a\n2,2026-01-01T00:00:00Z,2026-01-01,b\n`);
    const table = await findCurrentTable(own.folder.table);
    if (table === undefined) throw new Error('no table');
    const features = [
      { name: 't', type: 'timestamp' },
      { name: 'd', type: 'date' },
    ] as const;
    const encode = (record: Record<string, Cell>) => {
      const out = new Float32Array(2);
      new Encoder(features).encode(record, new Set(['t', 'd']), 1, out);
      return [...out];
    };
    const record = await readRecord(connection, table, 'id', '1');
    expect(encode(record.values)).toEqual(encode(values));
    expect(record.values['t']).toBe('1969-12-31T22:59:59.250000Z');
    expect((await readRecord(connection, table, 'id', '2')).values['t']).toBe('2026-01-01T00:00:00Z');
    const output = join(own.folder.path, 'export.csv');
    await exportDataset(connection, own.folder, null, 'id', output);
    expect(readFileSync(output, 'utf8')).toBe(
      'id,t,d,y\n1,1969-12-31T22:59:59.250000Z,0099-01-02,a\n2,2026-01-01T00:00:00Z,2026-01-01,b\n',
    );
  });
});

describe('the exported data', () => {
  test('is the table as a version had it, by key; sent again it changes nothing', async () => {
    const own = new TestProject(testFolder(), { task: 'binary', target: 'failed', key: 'id' });
    const first = await own.add('u1', rows.slice(0, 60));
    const second = await own.add(
      'u2',
      rows.slice(40, 80).map((row) => ({ ...row, x: 1.5, more: 'a,"b"\nc' })),
    );
    const output = join(own.folder.path, 'export.csv');
    const exported = async (version: number | null) => {
      const count = await exportDataset(connection, own.folder, version, 'id', output);
      const records: Record<string, string>[] = parse(readFileSync(output), { columns: true });
      expect(records).toHaveLength(count);
      expect(records.map(({ id }) => id)).toEqual(records.map(({ id }) => id).sort());
      return records;
    };
    expect(await exported(first.version)).toHaveLength(60);
    expect(Object.keys((await exported(first.version))[0] ?? {})).not.toContain('more');
    expect(await exported(second.version)).toEqual(await exported(null));
    expect((await exported(null)).find(({ id }) => id === 'k50')).toMatchObject({
      x: '1.5',
      more: 'a,"b"\nc',
    });
    const again = await own.add('u3', readFileSync(output, 'utf8'));
    expect(again).toMatchObject({ new: 0, updated: 0, unchanged: 80 });
    await expect(exported(99)).rejects.toMatchObject({
      code: 'dataset_version_not_found',
      parameters: { version: 99 },
    });
  });

  test('without data there is nothing to export; without a key the order repeats', async () => {
    const own = new TestProject(testFolder(), { task: 'binary', target: 'failed' });
    const output = join(own.folder.path, 'export.csv');
    await expect(exportDataset(connection, own.folder, null, null, output)).rejects.toMatchObject({
      code: 'no_data',
    });
    await own.add(
      'u1',
      rows.slice(0, 50).map(({ id: _id, ...row }) => row),
    );
    await exportDataset(connection, own.folder, null, null, output);
    const text = readFileSync(output, 'utf8');
    await exportDataset(connection, own.folder, null, null, output);
    expect(readFileSync(output, 'utf8')).toBe(text);
    expect(text.split('\n')[0]).toBe('x,shop,active,built,failed');
    expect(existsSync(output)).toBe(true);
  });
});
