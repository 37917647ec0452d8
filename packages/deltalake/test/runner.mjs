// A writer in a process of its own, over the built package. Usage: node runner.mjs appends|races|upserts|marks|optimizes|tidies FOLDER NAME COUNT
// Prints a line once it works, so that a test knows when to kill it, and after each change how many are in the log.
import { DuckDBInstance } from '@duckdb/node-api';
import { append, deleteWhere, DeltaTable, optimize, upsert } from '../dist/index.js';

const [task, folder, name, count] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' });
const connection = await instance.connect();
const table = await DeltaTable.open(folder, { checkpointInterval: 5 });
process.stdout.write('ready\n');

for (let i = 0; i < Number(count); i++) {
  if (task === 'appends') {
    await append(connection, table, {
      source: `(SELECT '${name}' AS writer, ${i} AS number)`,
      txn: { appId: `${name}-${i}`, version: 1 },
    });
  } else if (task === 'races') {
    // Round i sets 20 of 50 keys, other ones in each round and for each writer. Others' commits may be in the way for long.
    const source = `(SELECT (range * 3 + ${i} * 7 + ${name.charCodeAt(0)}) % 50 AS k, '${name}' AS writer, ${i} AS number FROM range(20))`;
    const txn = { appId: `${name}-${i}`, version: 1 };
    const change = { key: 'k', compare: ['writer', 'number'], source, txn };
    for (let done = false; !done;)
      done = await upsert(connection, table, change).then(
        () => true,
        (error) => {
          if (error.code !== 'commit_conflict') throw error;
          return false;
        },
      );
  } else if (task === 'optimizes') {
    await optimize(connection, table);
  } else if (task === 'tidies') {
    // Round i adds ten numbers, deletes the upper five of them, and joins the files that this leaves.
    const round = Number(name) + i;
    const txn = (step) => ({ appId: `${step}-${round}`, version: 1 });
    const source = `(SELECT k FROM range(${round} * 10, ${round} * 10 + 10) r(k))`;
    await append(connection, table, { source, txn: txn('add') });
    process.stdout.write(`committed ${round * 2 + 1}\n`);
    const where = { column: 'k', is: '>=', value: round * 10 + 5 };
    await deleteWhere(connection, table, { where, txn: txn('delete') });
    process.stdout.write(`committed ${round * 2 + 2}\n`);
    await optimize(connection, table);
    process.stdout.write(`done ${round}\n`);
  } else if (task === 'marks') {
    // Round i sets every tenth key below 100 to the round, and adds ten keys of its own.
    const round = Number(name) + i;
    const source = `(SELECT k, ${round} AS round FROM (SELECT range * 10 + ${round % 10} AS k FROM range(10) UNION ALL FROM range(1000 + ${round} * 10, 1010 + ${round} * 10)))`;
    const change = { key: 'k', compare: ['round'], source, txn: { appId: `round-${round}`, version: 1 } };
    await upsert(connection, table, change);
    process.stdout.write(`committed ${round + 1}\ndone ${round}\n`);
  } else {
    // Round i sets every key from 0 to 99 to the round, and adds ten keys of its own.
    const round = Number(name) + i;
    const source = `(SELECT k, ${round} AS round FROM (FROM range(100) UNION ALL FROM range(1000 + ${round} * 10, 1010 + ${round} * 10)) r(k))`;
    await upsert(connection, table, {
      key: 'k',
      compare: ['round'],
      source,
      txn: { appId: `round-${round}`, version: 1 },
    });
    process.stdout.write(`committed ${round + 1}\ndone ${round}\n`);
  }
}
connection.closeSync();
instance.closeSync();
