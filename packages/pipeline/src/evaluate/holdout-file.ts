import type { DuckDBConnection } from '@duckdb/node-api';
import type { ModelCard } from '../lake/model-card.ts';
import { safeCellSql, type CellSafety } from '../lake/safe-cell.ts';
import { allRows, loadDuckdb } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { holdoutTable } from './score-holdout.ts';

/** Scores of a model, row-major, rows × outputs; null when there is no such model. */
export interface HoldoutScores {
  readonly current: Float32Array | null;
  readonly candidate: Float32Array;
}

/** Rows of the chunks that are handed to DuckDB. */
const chunkRows = 2048;

/**
 * Hands the scores to DuckDB; what it returns is one statement, which writes every holdout row with both models' scores
 * as they are: `key, label, current, candidate`, or one column a side and class, `current:NAME`, for several classes.
 * All figures can be computed again from that file.
 */
export async function holdoutFileSql(
  connection: DuckDBConnection,
  path: string,
  { task, classes }: Pick<ModelCard, 'task' | 'classes'>,
  { current, candidate }: HoldoutScores,
): Promise<string> {
  const names = (side: string): string[] =>
    task === 'multiclass' ? classes.map((name) => `${side}:${name}`) : [side];
  const scored = [...(current === null ? [] : names('current')), ...names('candidate')];
  const outputs = names('candidate').length;
  const columns = scored.map((name) => `${quoteName(name)} FLOAT`).join(', ');
  await connection.run(`CREATE OR REPLACE TEMP TABLE scores (${columns})`);
  await appendScores(connection, current === null ? [candidate] : [current, candidate], outputs);
  const missing = current === null ? names('current').map((name) => `NULL::FLOAT AS ${quoteName(name)}`) : [];
  const selected = ['key', 'label_text AS label', ...missing, ...scored.map(quoteName)].join(', ');
  return `COPY (SELECT ${selected} FROM ${holdoutTable} POSITIONAL JOIN scores) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`;
}

async function appendScores(
  connection: DuckDBConnection,
  sides: readonly Float32Array[],
  outputs: number,
): Promise<void> {
  const { DuckDBDataChunk, DuckDBFloatVector, FLOAT } = loadDuckdb();
  const rows = (sides[0]?.length ?? 0) / outputs;
  const types = Array.from({ length: sides.length * outputs }, () => FLOAT);
  const appender = await connection.createAppender('scores');
  const chunk = DuckDBDataChunk.create(types);
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    chunk.rowCount = count;
    types.forEach((_, column) => {
      const side = sides[Math.floor(column / outputs)] as Float32Array;
      const vector = chunk.getColumnVector(column);
      if (!(vector instanceof DuckDBFloatVector)) throw new TypeError(`column ${column} is not FLOAT`);
      for (let row = 0, at = start * outputs + (column % outputs); row < count; row++, at += outputs)
        vector.setItem(row, side[at] as number);
      vector.flush();
    });
    appender.appendDataChunk(chunk);
    chunk.reset();
  }
  appender.closeSync();
}

/** Writes a holdout file as CSV, each score with all its digits; no score where there was no model. */
export async function exportHoldout(
  connection: DuckDBConnection,
  path: string,
  output: string,
  cells: CellSafety = 'safe',
): Promise<number> {
  const file = `read_parquet(${quoteText(path)})`;
  const [, , ...scores] = (await allRows(connection, `DESCRIBE SELECT * FROM ${file}`)).map((row) =>
    quoteName(String(row['column_name'])),
  );
  const texts = ['key', 'label'].map((name) => (cells === 'safe' ? `${safeCellSql(name)} AS ${name}` : name));
  const columns = [...texts, ...scores.map((name) => `${name}::DOUBLE AS ${name}`)].join(', ');
  await connection.run(
    `COPY (SELECT ${columns} FROM ${file}) TO ${quoteText(output)} (FORMAT csv, HEADER true)`,
  );
  const [counted] = await allRows(connection, `SELECT count(*) AS n FROM ${file}`);
  return Number(counted?.['n']);
}
