import type { DuckDBConnection } from '@duckdb/node-api';
import type { Comparison } from '@kaefer/contracts';
import { compareSegments, featureDrift } from '@kaefer/metrics';
import type { Partition, SegmentComparison } from '@kaefer/metrics';
import type { EncodedFeature } from '../features/encoder.ts';
import { streamFloats } from '../features/stream-floats.ts';
import { cellsOf, type Cell, type FeatureCells } from './feature-cells.ts';
import type { PairedLosses } from './row-losses.ts';
import { holdoutTable, type TimeColumn } from './score-holdout.ts';

type Segments = NonNullable<Comparison['segments']>;
type Drift = NonNullable<Comparison['drift']>;

/** A part of the holdout that is compared on its own. */
interface NamedPartition extends Partition {
  readonly feature: string;
  readonly cells: readonly Cell[];
  readonly isDate: boolean;
  readonly isNewest: boolean;
}

/** Fewest rows of a part for which it is compared. */
export const fewestRows = 50;
const mostValues = 12;
const segmentRanges = 5;
const driftRanges = 10;
const newestShare = 0.1;
const mostStored = 40;
/** Features that are in memory at a time. */
const batchSize = 8;

export interface PartsRequest {
  /** Name of the losses. */
  readonly metric: 'logLoss' | 'mae';
  readonly losses: PairedLosses;
  readonly isNew: Uint8Array;
  readonly features: readonly EncodedFeature[];
  /** For each feature the number of its input in {@link holdoutTable}. */
  readonly places: readonly number[];
  readonly times: readonly TimeColumn[];
}

/**
 * Compares two models on every part of the holdout: the values of each feature, ranges of numbers, and by each column of
 * days or times the newest rows; and each feature's values in this run's rows with those of the rows before.
 */
export async function compareParts(
  connection: DuckDBConnection,
  request: PartsRequest,
): Promise<{ readonly segments: Segments; readonly drift: Drift | null }> {
  const { features, places, isNew, losses, times } = request;
  const rows = isNew.length;
  const newRows = isNew.reduce((sum, flag) => sum + flag, 0);
  const canDrift = newRows >= fewestRows && rows - newRows >= fewestRows;
  const partitions: NamedPartition[] = [];
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
  const dated = await readInputs(
    connection,
    times.map(({ place }) => place),
    rows,
  );
  for (const [index, { name }] of times.entries()) {
    const newest = newestPartition(name, dated[index] as Float32Array);
    if (newest !== undefined) partitions.push(newest);
  }
  const found = compareSegments(partitions, losses.current, losses.candidate, { fewestRows });
  return {
    segments: {
      metric: request.metric,
      compared: found.length,
      correction: 'holm',
      worstFirst: found
        .slice(0, mostStored)
        .map((segment) => described(segment, partitions[segment.partition] as NamedPartition)),
    },
    drift: canDrift ? drift.sort((a, b) => b.stabilityIndex - a.stabilityIndex) : null,
  };
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

/** The tenth of the rows with the latest days or times; undefined where these tell no rows apart. */
function newestPartition(name: string, values: Float32Array): NamedPartition | undefined {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const low = known[Math.floor(known.length * (1 - newestShare))];
  const high = known.at(-1);
  if (low === undefined || high === undefined || low === known[0]) return undefined;
  const codes = new Int8Array(values.length);
  for (let row = 0; row < codes.length; row++) codes[row] = values[row]! >= low ? 0 : -1;
  const cells = [{ kind: 'range', low, high } as const];
  return { feature: name, cells, codes, segments: 1, isDate: true, isNewest: true };
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
  return {
    feature: feature.name,
    isDate,
    isNewest: false,
    cells: segments,
    codes: own,
    segments: segments.length,
  };
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
    ...(partition.isNewest ? { newest: true } : {}),
    range: cell.kind === 'range' ? { low: cell.low, high: cell.high, areDays: partition.isDate } : null,
    rows: segment.rows,
    current: segment.current.estimate,
    candidate: segment.candidate.estimate,
    difference: { estimate, low, high, pValue },
    adjustedPValue: segment.adjustedPValue,
  };
}
