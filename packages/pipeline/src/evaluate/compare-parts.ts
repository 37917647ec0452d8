import type { DuckDBConnection } from '@duckdb/node-api';
import type { Comparison, Task } from '@kaefer/contracts';
import { compareSegments, featureDrift, rowLogLosses, rowMulticlassLogLosses } from '@kaefer/metrics';
import type { Partition, SegmentComparison } from '@kaefer/metrics';
import type { EncodedFeature } from '../features/encoder.ts';
import { streamFloats } from '../features/stream-floats.ts';
import { allRows } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';
import { cellsOf, type Cell, type FeatureCells } from './feature-cells.ts';
import { holdoutTable } from './score-holdout.ts';

type Segments = NonNullable<Comparison['segments']>;
type Drift = NonNullable<Comparison['drift']>;

/** A part of the holdout that is compared on its own. */
interface NamedPartition extends Partition {
  /** null: the uploads that rows came from. */
  readonly feature: string | null;
  readonly cells: readonly Cell[];
  readonly isDate: boolean;
}

const fewestRows = 50;
const mostValues = 12;
const segmentRanges = 5;
const driftRanges = 10;
const mostStored = 40;
/** Features that are in memory at a time. */
const batchSize = 8;

export interface PartsRequest {
  readonly task: Task;
  readonly classes: number;
  readonly labels: Float64Array;
  readonly isNew: Uint8Array;
  /** Row-major, rows × outputs. */
  readonly current: Float32Array;
  readonly candidate: Float32Array;
  readonly features: readonly EncodedFeature[];
  /** For each feature the number of its input in {@link holdoutTable}. */
  readonly places: readonly number[];
}

/**
 * Compares two models on every part of the holdout: the values of each feature, ranges of numbers, and the upload that a
 * row came from; and each feature's values in this run's rows with those of the rows before.
 *
 * The loss a row is the log loss, for regression the absolute error.
 */
export async function compareParts(
  connection: DuckDBConnection,
  request: PartsRequest,
): Promise<{ readonly segments: Segments; readonly drift: Drift | null }> {
  const { features, places, isNew } = request;
  const rows = isNew.length;
  const newRows = isNew.reduce((sum, flag) => sum + flag, 0);
  const canDrift = newRows >= fewestRows && rows - newRows >= fewestRows;
  const partitions: NamedPartition[] = [await uploadPartition(connection, rows)];
  const drift: Drift = [];
  for (let start = 0; start < features.length; start += batchSize) {
    const batch = features.slice(start, start + batchSize);
    const columns = await readInputs(connection, places.slice(start, start + batchSize), rows);
    batch.forEach((feature, index) => {
      const values = columns[index] as Float32Array;
      const cells = cellsOf(feature, values, driftRanges);
      partitions.push(featurePartition(feature, cells));
      if (canDrift) drift.push({ feature: feature.name, ...driftOf(feature, cells, isNew) });
    });
  }
  const found = compareSegments(partitions, lossesOf(request, 'current'), lossesOf(request, 'candidate'), {
    fewestRows,
  });
  return {
    segments: {
      metric: request.task === 'regression' ? 'mae' : 'logLoss',
      compared: found.length,
      correction: 'holm',
      worstFirst: found
        .slice(0, mostStored)
        .map((segment) => described(segment, partitions[segment.partition] as NamedPartition)),
    },
    drift: canDrift ? drift.sort((a, b) => b.stabilityIndex - a.stabilityIndex) : null,
  };
}

function lossesOf(request: PartsRequest, side: 'current' | 'candidate'): Float64Array {
  const { task, labels, classes } = request;
  const scores = request[side];
  if (task === 'binary') return rowLogLosses(new Uint8Array(labels), scores);
  if (task === 'multiclass') return rowMulticlassLogLosses(new Int32Array(labels), scores, classes);
  return labels.map((label, row) => Math.abs((scores[row] as number) - label));
}

async function readInputs(
  connection: DuckDBConnection,
  places: readonly number[],
  rows: number,
): Promise<Float32Array[]> {
  const columns = places.map(() => new Float32Array(rows));
  if (places.length === 0) return columns;
  let row = 0;
  const query = `SELECT ${places.map((place) => `x${place} AS y${place}`).join(', ')} FROM ${holdoutTable}`;
  await streamFloats(connection, query, (chunk, count) => {
    columns.forEach((column, index) => column.set((chunk[index] as Float32Array).subarray(0, count), row));
    row += count;
  });
  return columns;
}

/** The uploads with most rows. */
async function uploadPartition(connection: DuckDBConnection, rows: number): Promise<NamedPartition> {
  const counted = await allRows(
    connection,
    `SELECT upload FROM ${holdoutTable} WHERE upload IS NOT NULL GROUP BY upload HAVING count(*) >= ${fewestRows} ` +
      `ORDER BY count(*) DESC, upload LIMIT ${mostValues}`,
  );
  const uploads = counted.map((row) => String(row['upload']));
  const codes = new Int32Array(rows).fill(-1);
  if (uploads.length > 0) {
    let row = 0;
    const list = uploads.map(quoteText).join(', ');
    const query = `SELECT coalesce(list_position([${list}], upload), 0)::FLOAT AS place FROM ${holdoutTable}`;
    await streamFloats(connection, query, ([place], count) => {
      for (let index = 0; index < count; index++) codes[row++] = (place?.[index] ?? 0) - 1;
    });
  }
  const cells = uploads.map((value): Cell => ({ kind: 'value', value }));
  return { feature: null, cells, codes, segments: cells.length, isDate: false };
}

/** A feature's ranges, two or more joined to one, or its values with most rows, and its missing values. */
function featurePartition(feature: EncodedFeature, { cells, codes }: FeatureCells): NamedPartition {
  const isDate = feature.type === 'date' || feature.type === 'timestamp';
  const known = cells.slice(0, -1);
  const { placeOf, kept } =
    known.length > segmentRanges && known[0]?.kind === 'range' ? joinRanges(known) : largest(known, codes);
  placeOf[known.length] = kept.length;
  const own = new Int32Array(codes.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    own[row] = code < 0 ? -1 : placeOf[code]!;
  }
  const segments = [...kept, { kind: 'missing' } as const];
  return { feature: feature.name, isDate, cells: segments, codes: own, segments: segments.length };
}

interface KeptCells {
  /** For each cell its place among those kept, −1 for one in none; one more for missing values. */
  readonly placeOf: Int32Array;
  readonly kept: readonly Cell[];
}

function joinRanges(cells: readonly Cell[]): KeptCells {
  const placeOf = new Int32Array(cells.length + 1);
  const kept: { kind: 'range'; low: number; high: number }[] = [];
  cells.forEach((cell, index) => {
    if (cell.kind !== 'range') return;
    const place = Math.floor((index * segmentRanges) / cells.length);
    placeOf[index] = place;
    kept[place] = { kind: 'range', low: kept[place]?.low ?? cell.low, high: cell.high };
  });
  return { placeOf, kept };
}

function largest(cells: readonly Cell[], codes: Int32Array): KeptCells {
  const rows = new Float64Array(cells.length + 1);
  for (let row = 0; row < codes.length; row++) if (codes[row]! >= 0) rows[codes[row]!]!++;
  const places = [...cells.keys()].sort((a, b) => rows[b]! - rows[a]! || a - b).slice(0, mostValues);
  const placeOf = new Int32Array(cells.length + 1).fill(-1);
  places.forEach((cell, index) => (placeOf[cell] = index));
  return { placeOf, kept: places.map((cell) => cells[cell] as Cell) };
}

function driftOf(
  feature: EncodedFeature,
  { cells, codes }: FeatureCells,
  isNew: Uint8Array,
): Omit<Drift[number], 'feature'> {
  const before = new Float64Array(cells.length);
  const after = new Float64Array(cells.length);
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!;
    if (code >= 0) (isNew[row] === 1 ? after : before)[code]!++;
  }
  const { kolmogorovSmirnov, ...rest } = featureDrift(before, after);
  // A distance of distribution functions needs an order, which texts have not.
  return { ...rest, kolmogorovSmirnov: feature.levels === undefined ? kolmogorovSmirnov : null };
}

function described(segment: SegmentComparison, partition: NamedPartition): Segments['worstFirst'][number] {
  const cell = partition.cells[segment.segment] as Cell;
  const { estimate, low, high, pValue } = segment.difference;
  return {
    feature: partition.feature,
    value: cell.kind === 'value' ? cell.value : null,
    range: cell.kind === 'range' ? { low: cell.low, high: cell.high, areDays: partition.isDate } : null,
    rows: segment.rows,
    current: segment.current.estimate,
    candidate: segment.candidate.estimate,
    difference: { estimate, low, high, pValue },
    adjustedPValue: segment.adjustedPValue,
  };
}
