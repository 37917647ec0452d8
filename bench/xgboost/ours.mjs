// One measurement of @kaefer/xgboost, in a process of its own; prints JSON. node ours.mjs CASE FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { MatrixReader, MatrixWriter } from '../../packages/pipeline/dist/features/matrix-file.js';
import { streamFloats } from '../../packages/pipeline/dist/features/stream-floats.js';
import { DMatrix, Scorer, train } from '../../packages/xgboost/dist/index.js';
import { dense, sparse } from './data.mjs';

const [, , what, folder] = process.argv;
const { parameters, rounds, sparseRounds, records } = JSON.parse(
  readFileSync(new URL('settings.json', import.meta.url), 'utf8'),
);
const read = (name, Type) => {
  const bytes = readFileSync(join(folder, name));
  return new Type(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
};
const { columns } = dense;
const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return [result, (performance.now() - started) / 1000];
};

async function denseCase() {
  const data = read('dense.f32', Float32Array);
  const labels = read('dense-labels.f32', Float32Array);
  const rows = labels.length;
  let turn = 0;
  const source = {
    next: () => (turn++ === 0 ? { data, rows, labels } : null),
    reset: () => {
      turn = 0;
    },
  };
  const [matrix, matrixSeconds] = await timed(() =>
    DMatrix.quantile(source, { columns, maxBin: parameters.max_bin, threads: parameters.nthread }),
  );
  const [{ booster }, trainSeconds] = await timed(() => train(parameters, matrix, { rounds }));
  matrix.dispose();
  const [prediction, predictSeconds] = await timed(() => {
    const all = DMatrix.fromDense(data, { rows, columns }, { threads: parameters.nthread });
    const { values } = booster.predict(all);
    all.dispose();
    return values;
  });
  const [, inPlaceSeconds] = await timed(() => booster.predictInPlace({ data, rows, columns }));
  const scorer = Scorer.fromModel(booster.save());
  const record = (index) => data.subarray(index * columns, (index + 1) * columns);
  for (let index = 0; index < records; index++) scorer.predict(record(index));
  const [, scorerSeconds] = await timed(() => {
    for (let index = 0; index < records; index++) scorer.predict(record(index));
  });
  const one = records / 50;
  const [, oneInPlaceSeconds] = await timed(() => {
    for (let index = 0; index < one; index++)
      booster.predictInPlace({ data: record(index), rows: 1, columns });
  });
  const sum = prediction.reduce((total, value) => total + value, 0);
  return {
    matrixSeconds,
    trainSeconds,
    predictSeconds,
    inPlaceSeconds,
    oneRecordMicroseconds: (scorerSeconds / records) * 1e6,
    oneRecordInPlaceMicroseconds: (oneInPlaceSeconds / one) * 1e6,
    meanPrediction: sum / rows,
  };
}

async function sparseCase() {
  const rows = {
    rowStarts: read('sparse-rowStarts.bin', Uint32Array),
    columnIndices: read('sparse-columnIndices.bin', Uint32Array),
    values: read('sparse-values.bin', Float32Array),
    columns: sparse.columns,
  };
  const labels = read('sparse-labels.bin', Float32Array);
  const [matrix, matrixSeconds] = await timed(() =>
    DMatrix.fromSparse(rows, { labels, threads: parameters.nthread }),
  );
  const [{ booster }, trainSeconds] = await timed(() => train(parameters, matrix, { rounds: sparseRounds }));
  const [prediction, inPlaceSeconds] = await timed(() => booster.predictInPlace(rows).values);
  const sum = prediction.reduce((total, value) => total + value, 0);
  return { matrixSeconds, trainSeconds, inPlaceSeconds, meanPrediction: sum / sparse.rows };
}

/** As Käfer does it: DuckDB streams the columns into a scratch file of rows, which the matrix is made of in batches. */
async function parquetCase() {
  const [rows, seconds] = await timed(async () => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '512MiB', threads: '2' });
    const connection = await instance.connect();
    await connection.run(`SET streaming_buffer_size = '32MiB'`);
    const paths = [join(folder, 'scratch.f32'), join(folder, 'scratch-labels.f32')];
    const [features, labels] = [new MatrixWriter(paths[0], columns), new MatrixWriter(paths[1], 1)];
    const names = Array.from({ length: columns }, (_, column) => `x${column}`).join(', ');
    const file = join(folder, 'dense.parquet');
    let block = new Float32Array(0);
    await streamFloats(
      connection,
      `SELECT label, ${names} FROM read_parquet('${file}')`,
      ([label, ...inputs], count) => {
        if (block.length < count * columns) block = new Float32Array(count * columns);
        inputs.forEach((input, column) => {
          for (let row = 0; row < count; row++) block[row * columns + column] = input[row];
        });
        features.write(block.subarray(0, count * columns));
        labels.write(label.subarray(0, count));
      },
    );
    features.close();
    labels.close();
    connection.closeSync();
    instance.closeSync();
    const [reader, labelReader] = [new MatrixReader(paths[0], columns), new MatrixReader(paths[1], 1)];
    const source = {
      next: () => {
        const batch = reader.next();
        return batch && { data: batch.data, rows: batch.rows, labels: labelReader.next().data };
      },
      reset: () => {
        reader.reset();
        labelReader.reset();
      },
    };
    return DMatrix.quantile(source, { columns, maxBin: parameters.max_bin, threads: parameters.nthread })
      .rows;
  });
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return { rows, seconds, peakMib: Number(peak) / 1024 };
}

const cases = { dense: denseCase, sparse: sparseCase, parquet: parquetCase };
console.log(JSON.stringify(await cases[what]()));
