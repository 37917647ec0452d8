// DuckDB alone, in a process of its own: node floor.mjs FILE OUTPUT MEMORY_MIB
import { DuckDBInstance } from '@duckdb/node-api';

const [file, output, memoryMib] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: `${memoryMib}MiB` });
const connection = await instance.connect();
const startedAt = performance.now();
await connection.run(`COPY (FROM '${file}') TO '${output}' (FORMAT parquet)`);
console.log(JSON.stringify({ wallMs: performance.now() - startedAt }));
