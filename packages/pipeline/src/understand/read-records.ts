import type { DuckDBConnection } from '@duckdb/node-api';
import { allRows } from '../sql/connection.ts';
import { quoteName, quoteText } from '../sql/quote.ts';
import { unreadableError } from './unpack-archive.ts';

/** DuckDB's types of numbers; those with parameters begin so. */
const numberTypes = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/;

/**
 * Writes a Parquet file's rows as CSV; times with a zone become UTC.
 *
 * @returns the columns of numbers, from 0
 * @throws UnpackError when it cannot be read
 */
export async function parquetToCsv(
  connection: DuckDBConnection,
  path: string,
  output: string,
): Promise<number[]> {
  return readable(path, async () => {
    const relation = `read_parquet(${quoteText(path)})`;
    const columns = await allRows(connection, `DESCRIBE SELECT * FROM ${relation}`);
    const cells = columns.map((column) => {
      const name = quoteName(String(column['column_name']));
      return column['column_type'] === 'TIMESTAMP WITH TIME ZONE' ? `${name}::TIMESTAMP AS ${name}` : name;
    });
    await connection.run(copySql(`SELECT ${cells.join(', ')} FROM ${relation}`, output));
    return columns.flatMap((column, index) =>
      numberTypes.test(String(column['column_type'])) ? [index] : [],
    );
  });
}

/** A record of more bytes is refused, like a line of a CSV file. */
const maxRecordBytes = 4 << 20;

/** More columns than any file may have, so that the check says what is wrong. */
const mostNames = 5000;

/**
 * Writes JSON lines as CSV: a column for each name of any record, in the order of the first record, then by name. Objects
 * and lists inside a record become their JSON text.
 *
 * @returns the columns that hold numbers alone, from 0
 * @throws UnpackError when it cannot be read
 */
export async function jsonLinesToCsv(
  connection: DuckDBConnection,
  path: string,
  output: string,
): Promise<number[]> {
  return readable(path, async () => {
    const relation = `read_json_objects(${quoteText(path)}, format = 'newline_delimited', maximum_object_size = ${maxRecordBytes})`;
    const named = await allRows(
      connection,
      `SELECT name, min(CASE row WHEN 1 THEN place END) AS place FROM (SELECT row, unnest(names) AS name, generate_subscripts(names, 1) AS place ` +
        `FROM (SELECT row_number() OVER () AS row, json_keys(json) AS names FROM ${relation})) GROUP BY name ORDER BY place NULLS LAST, name`,
    );
    if (named.length === 0) throw new Error('its records have no names');
    const places = named.slice(0, mostNames).map((row) => {
      const name = String(row['name']);
      return { name, pointer: quoteText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`) };
    });
    const cells = places.map(
      ({ name, pointer }) => `json_extract_string(json, ${pointer}) AS ${quoteName(name)}`,
    );
    await connection.run(copySql(`SELECT ${cells.join(', ')} FROM ${relation}`, output));
    const others = places.map(
      ({ pointer }, index) =>
        `count(*) FILTER (coalesce(json_type(json, ${pointer}), 'NULL') NOT IN ('NULL', 'BIGINT', 'UBIGINT', 'DOUBLE')) AS n${index}`,
    );
    const [counted] = await allRows(connection, `SELECT ${others.join(', ')} FROM ${relation}`);
    return places.flatMap((_, index) => (Number(counted?.[`n${index}`]) === 0 ? [index] : []));
  });
}

function copySql(query: string, output: string): string {
  return `COPY (${query}) TO ${quoteText(output)} (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`;
}

/** What is wrong with the content is the sender's to know; what is wrong with this machine is not. */
async function readable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error) || !isOfContent(error.message, path)) throw error;
    throw unreadableError(new Error(error.message.replaceAll(path, '…')));
  }
}

/** A read error that names the file, or calls it corrupted, is about what stands in it; of the disk, others are. */
function isOfContent(message: string, path: string): boolean {
  if (/^(Out of Memory|Interrupt)/i.test(message)) return false;
  return !message.startsWith('IO') || message.includes(path) || /corrupt/i.test(message);
}
