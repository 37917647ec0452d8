// One measurement of @kaefer/xgboost, in a process of its own; prints JSON. node ours.mjs CASE FOLDER
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { ColumnBatches, DMatrix, Scorer, train } from '../../packages/xgboost/dist/index.js';
import { dense, flights, sparse } from './data.mjs';

const [, , what, folder] = process.argv;
const { parameters, rounds, sparseRounds, flightRounds, records } = JSON.parse(
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
  const explained = records / 50;
  for (let index = 0; index < explained; index++) scorer.contributions(record(index));
  const [, explainSeconds] = await timed(() => {
    for (let index = 0; index < explained; index++) scorer.contributions(record(index));
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
    oneRecordExplainedMicroseconds: (explainSeconds / explained) * 1e6,
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

/** DuckDB streams the columns, which are appended to batches of columns as they come. */
async function parquetCase() {
  const [rows, seconds] = await timed(async () => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '512MiB', threads: '2' });
    const connection = await instance.connect();
    const names = Array.from({ length: columns }, (_, column) => `x${column}`).join(', ');
    const result = await connection.stream(
      `SELECT ${names}, label FROM read_parquet('${join(folder, 'dense.parquet')}')`,
    );
    const batches = new ColumnBatches({ columns });
    for (let chunk = await result.fetchChunk(); chunk?.rowCount > 0; chunk = await result.fetchChunk()) {
      const arrays = Array.from({ length: columns + 1 }, (_, index) => chunk.getColumnVector(index).items);
      const labels = arrays.pop();
      batches.append(arrays, { labels });
    }
    connection.closeSync();
    instance.closeSync();
    return DMatrix.quantile(batches, {
      columns,
      maxBin: parameters.max_bin,
      threads: parameters.nthread,
    }).rows;
  });
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return { rows, seconds, peakMib: Number(peak) / 1024 };
}

/** Three million flights less those without a time, with the airports as categories. */
async function flightsCase() {
  const labels = read('flights-labels.f32', Float32Array);
  const data = read('flights.f32', Float32Array);
  const rows = labels.length;
  const width = flights.types.length;
  const [matrix, matrixSeconds] = await timed(() =>
    DMatrix.quantileFrom(
      { data, rows, columns: width },
      { labels, featureTypes: flights.types, maxBin: parameters.max_bin, threads: parameters.nthread },
    ),
  );
  const [{ booster }, trainSeconds] = await timed(() => train(parameters, matrix, { rounds: flightRounds }));
  const [prediction, inPlaceSeconds] = await timed(
    () => booster.predictInPlace({ data, rows, columns: width }).values,
  );
  const sum = prediction.reduce((total, value) => total + value, 0);
  return { matrixSeconds, trainSeconds, inPlaceSeconds, meanPrediction: sum / rows };
}

const cases = { dense: denseCase, sparse: sparseCase, parquet: parquetCase, flights: flightsCase };
console.log(JSON.stringify(await cases[what]()));
