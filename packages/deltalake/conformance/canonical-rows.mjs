// Rows of a table's version as sorted texts that are equal for equal rows, whoever read them; canonical.py is
// the other side. Doubles are their bits, so that no formatting can hide a difference.

const quote = (name) => `"${name.replaceAll('"', '""')}"`;

const asText = {
  timestamp: (column) => `strftime(${column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`,
  double: (column) => column,
  float: (column) => column,
  boolean: (column) => column,
  binary: (column) => `lower(hex(${column}))`,
};

function bits(value) {
  if (value === null || typeof value === 'string') return value; // 'NaN', 'Infinity', '-Infinity'
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/**
 * @param {import('@duckdb/node-api').DuckDBConnection} connection
 * @param {string} scan what scanSql gave
 * @param {readonly {name: string, type: string}[]} schema
 * @returns {Promise<string[]>}
 */
export async function canonicalRows(connection, scan, schema) {
  const columns = schema.map(({ name, type }) =>
    (asText[type] ?? ((column) => `CAST(${column} AS VARCHAR)`))(quote(name)),
  );
  const reader = await connection.runAndReadAll(`SELECT ${columns.join()} FROM ${scan}`);
  const order = schema
    .map((_, index) => index)
    .sort((a, b) => Buffer.compare(Buffer.from(schema[a].name), Buffer.from(schema[b].name)));
  const isFloat = ({ type }) => type === 'double' || type === 'float';
  return reader
    .getRowsJson()
    .map(
      (row) =>
        `{${order.map((i) => `${JSON.stringify(schema[i].name)}:${JSON.stringify(isFloat(schema[i]) ? bits(row[i]) : row[i])}`).join()}}`,
    )
    .sort();
}
