import type { DuckDBConnection } from '@duckdb/node-api';

export function canonicalRows(
  connection: DuckDBConnection,
  scan: string,
  schema: readonly { name: string; type: string }[],
): Promise<string[]>;
