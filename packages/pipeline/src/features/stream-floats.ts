import type { DuckDBConnection, DuckDBFloatVector } from '@duckdb/node-api';
import { loadDuckdb } from '../sql/connection.ts';

/**
 * Streams a query whose columns are all FLOAT, none NULL, and hands over each chunk's columns as typed arrays.
 * The arrays are borrowed until `use` returns.
 */
export async function streamFloats(
  connection: DuckDBConnection,
  query: string,
  use: (columns: readonly Float32Array[], rows: number) => void,
): Promise<void> {
  const { DuckDBFloatVector: FloatVector } = loadDuckdb();
  const result = await connection.stream(query);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const columns = Array.from({ length: chunk.columnCount }, (_, index) => {
      const vector = chunk.getColumnVector(index);
      if (!(vector instanceof FloatVector)) throw new TypeError(`column ${index} is not FLOAT`);
      return floatsOf(vector);
    });
    use(columns, chunk.rowCount);
  }
}

/** The numbers of a vector without a copy. */
function floatsOf(vector: DuckDBFloatVector): Float32Array {
  return (vector as unknown as { readonly items: Float32Array }).items;
}
