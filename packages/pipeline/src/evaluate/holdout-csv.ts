import { closeSync, openSync, writeSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { formatCell } from '../lake/format-cell.ts';
import type { ModelCard } from '../lake/model-card.ts';
import { holdoutTable } from './score-holdout.ts';

/**
 * Writes every holdout row with both models' scores in full precision, from which all figures can be computed again:
 * `key,label,current,candidate`, or one column a side and class, `current:NAME`, for several classes.
 *
 * @param current row-major scores of the current model, rows × outputs; null when there is none
 */
export async function writeHoldoutCsv(
  connection: DuckDBConnection,
  path: string,
  { task, classes }: Pick<ModelCard, 'task' | 'classes'>,
  current: Float32Array | null,
  candidate: Float32Array,
): Promise<void> {
  const outputs = task === 'multiclass' ? classes.length : 1;
  const columns = (side: string): string =>
    task === 'multiclass' ? classes.map((name) => formatCell(`${side}:${name}`)).join(',') : side;
  const scoresOf = (side: Float32Array | null, row: number): string => {
    if (side === null) return ','.repeat(outputs - 1);
    if (outputs === 1) return String(side[row]);
    return side.subarray(row * outputs, (row + 1) * outputs).join(',');
  };
  const output = openSync(path, 'w');
  try {
    writeSync(output, `key,label,${columns('current')},${columns('candidate')}\n`);
    const result = await connection.stream(`SELECT key, label_text FROM ${holdoutTable}`);
    let row = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      const [keys, labels] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
      let text = '';
      for (let index = 0; index < chunk.rowCount; index++, row++) {
        const [key, label] = [keys.getItem(index), labels.getItem(index)];
        text += `${formatCell(String(key))},${formatCell(String(label))},${scoresOf(current, row)},${scoresOf(candidate, row)}\n`;
      }
      writeSync(output, text);
    }
  } finally {
    closeSync(output);
  }
}
