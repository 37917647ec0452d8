import { statisticsJson } from './file-statistics.ts';
import type { DeltaType, Field } from './schema.ts';
import { readThriftStruct, thriftListHead, thriftNumber } from './thrift-compact.ts';
import type { ThriftValue } from './thrift-compact.ts';

/** Bytes of a file, from the first up to `to`. */
export interface ByteRange {
  from: number;
  to: number;
}

interface ColumnChunk {
  column: string;
  /** Its pages, and what else is there to be read of it: indexes and a Bloom filter. */
  ranges: ByteRange[];
  statistics: ReadonlyMap<string, string> | undefined;
  min: Buffer | undefined;
  max: Buffer | undefined;
  physicalType: number | undefined;
}

/** Rows that lie together in a Parquet file, column by column. */
export interface RowGroup {
  readonly rowCount: number;
  /** Byte ranges of some columns; undefined where they cannot be told. */
  rangesOf(columns: readonly string[]): ByteRange[];
  /** Delta's statistics of the rows, as JSON text. */
  statistics(schema: readonly Field[]): string;
}

export interface ParquetFooter {
  rowGroups: RowGroup[];
  /** The footer of the same file without the other row groups, whose bytes need not be there then. */
  withRowGroups(kept: ReadonlySet<RowGroup>): Buffer;
}

/** Length and mark behind a footer; the mark begins the file, too. */
export const tailBytes = 8;
export const parquetMark = Buffer.from('PAR1', 'latin1');

/** The length of the footer before a file's last 8 bytes; undefined for a file that is encrypted or no Parquet file. */
export function footerLength(tail: Buffer): number | undefined {
  return tail.subarray(4, 8).equals(parquetMark) ? tail.readUInt32LE() : undefined;
}

/** Ids of fields in Parquet's Thrift definition (apache/parquet-format, parquet.thrift). */
const ids = {
  file: { rowCount: 3, rowGroups: 4 },
  rowGroup: { columns: 1, rowCount: 3 },
  chunk: {
    path: 1,
    metadata: 3,
    indexes: [
      [4, 5],
      [6, 7],
    ],
  },
  column: {
    type: 1,
    path: 3,
    bytes: 7,
    data: 9,
    index: 10,
    dictionary: 11,
    statistics: 12,
    bloom: 14,
    bloomBytes: 15,
  },
  statistics: { nullCount: 3, max: 5, min: 6 },
} as const;

/** @throws RangeError for a footer that cannot be read, or that says too little to read a part of the file alone */
export function parseFooter(data: Buffer): ParquetFooter {
  const { struct } = readThriftStruct(data);
  const count = must(struct?.get(ids.file.rowCount));
  const list = must(struct?.get(ids.file.rowGroups));
  const values = list.list ?? [];
  const rowGroups = values.map(readRowGroup);
  return {
    rowGroups,
    withRowGroups: (kept) => {
      const keptValues = values.filter((_, index) => kept.has(must(rowGroups[index])));
      const rowCount = rowGroups.reduce((sum, group) => sum + (kept.has(group) ? group.rowCount : 0), 0);
      return Buffer.concat([
        data.subarray(0, count.from),
        thriftNumber(rowCount),
        data.subarray(count.to, list.from),
        thriftListHead(data.readUInt8(list.from), keptValues.length),
        ...keptValues.map(({ from, to }) => data.subarray(from, to)),
        data.subarray(list.to),
      ]);
    },
  };
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError('A Parquet footer lacks what it must have.');
  return value;
}

function readRowGroup(value: ThriftValue): RowGroup {
  const { struct } = value;
  const rowCount = must(struct?.get(ids.rowGroup.rowCount)?.number);
  const chunks = must(struct?.get(ids.rowGroup.columns)?.list).map(readChunk);
  return {
    rowCount,
    rangesOf: (columns) =>
      chunks.filter(({ column }) => columns.includes(column)).flatMap(({ ranges }) => ranges),
    statistics: (schema) => {
      const known = chunks.flatMap((chunk) => {
        const field = schema.find(({ name }) => name === chunk.column);
        return field ? [[chunk.column, statisticsOfChunk(chunk, field.type)] as const] : [];
      });
      return statisticsJson(rowCount, schema, new Map(known));
    },
  };
}

function readChunk({ struct: chunk }: ThriftValue): ColumnChunk {
  const column = must(chunk?.get(ids.chunk.metadata)?.struct);
  const numberOf = (id: number): number | undefined => column.get(id)?.number;
  if (chunk?.get(ids.chunk.path)) throw new RangeError('A column lies in another file.');
  const starts = [ids.column.data, ids.column.index, ids.column.dictionary].map(numberOf);
  const from = Math.min(...starts.filter((start): start is number => start !== undefined && start > 0));
  const ranges: ByteRange[] = [{ from, to: from + must(numberOf(ids.column.bytes)) }];
  const add = (start: number | undefined, length: number | undefined): void => {
    if (start === undefined) return;
    ranges.push({ from: start, to: start + must(length) });
  };
  add(numberOf(ids.column.bloom), numberOf(ids.column.bloomBytes));
  for (const [start, length] of ids.chunk.indexes)
    if (chunk?.get(start)) add(chunk.get(start)?.number, chunk.get(length)?.number);
  const statistics = column.get(ids.column.statistics)?.struct;
  const nulls = statistics?.get(ids.statistics.nullCount)?.number;
  return {
    column: must(must(column.get(ids.column.path)?.list)[0]?.bytes).toString('utf8'),
    ranges,
    statistics: nulls === undefined ? undefined : new Map([['null_count', String(nulls)]]),
    min: statistics?.get(ids.statistics.min)?.bytes,
    max: statistics?.get(ids.statistics.max)?.bytes,
    physicalType: numberOf(ids.column.type),
  };
}

function statisticsOfChunk(
  { statistics, min, max, physicalType }: ColumnChunk,
  type: DeltaType,
): ReadonlyMap<string, string> {
  const known = new Map(statistics);
  const [low, high] = [min, max].map((bytes) => bytes && boundText(bytes, physicalType, type));
  if (low !== undefined) known.set('min', low);
  if (high !== undefined) known.set('max', high);
  return known;
}

const physical = { int32: 1, int64: 2, float: 4, double: 5, text: 6 };
const dayMs = 24 * 60 * 60 * 1000;

/** A bound as DuckDB would write it as text; undefined for types whose files are told apart by the log's statistics alone. */
function boundText(bytes: Buffer, stored: number | undefined, type: DeltaType): string | undefined {
  if (type === 'string' && stored === physical.text) {
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
  }
  if (type === 'date' && stored === physical.int32 && bytes.length === 4) {
    const date = new Date(bytes.readInt32LE() * dayMs);
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
  }
  if (type === 'double' && stored === physical.double && bytes.length === 8)
    return String(bytes.readDoubleLE());
  if (type === 'float' && stored === physical.float && bytes.length === 4) return String(bytes.readFloatLE());
  if (!['byte', 'short', 'integer', 'long'].includes(type)) return undefined;
  if (stored === physical.int32 && bytes.length === 4) return String(bytes.readInt32LE());
  return stored === physical.int64 && bytes.length === 8 ? String(bytes.readBigInt64LE()) : undefined;
}
