import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoredProblem } from '@kaefer/contracts/messages';
import { allRows, oneRow } from '../sql/connection.ts';
import { quoteText } from '../sql/quote.ts';

/** Relations made of arguments alone. */
const harmlessTableFunctions = new Set(['range', 'generate_series', 'unnest']);

/** Words that DuckDB takes for the moment of the query where no column has that name. */
const momentWords = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

type SqlNode = Readonly<Record<string, unknown>>;

/**
 * Why a text cannot be a recipe, as far as its form tells: it must be one SELECT that reads nothing but sources and gives
 * the same for the same rows. What the form does not tell (names of columns, types) its execution will.
 *
 * @returns undefined when the form is right; else the first reason
 */
export async function findSqlProblem(
  connection: DuckDBConnection,
  sql: string,
  sources: readonly string[],
): Promise<StoredProblem | undefined> {
  const { tree } = await oneRow(connection, `SELECT json_serialize_sql(${quoteText(sql)})::VARCHAR AS tree`);
  const parsed = JSON.parse(String(tree)) as {
    error: boolean;
    error_message?: string;
    statements?: readonly SqlNode[];
  };
  if (parsed.error) return problem('recipe_not_select', { reason: parsed.error_message ?? '' });
  const statements = parsed.statements ?? [];
  if (statements.length !== 1)
    return problem('recipe_not_select', { reason: `${statements.length} statements` });
  const nodes = nodesOf(statements);
  const common = nodes.flatMap(namesOfCommonTables);
  const known = new Set([...sources, ...common].map((name) => name.toLowerCase()));
  const unstable = await unstableFunctions(connection);
  for (const node of nodes) {
    const found = problemOfNode(node, known, sources, unstable);
    if (found !== undefined) return found;
  }
  return undefined;
}

function problemOfNode(
  node: SqlNode,
  known: ReadonlySet<string>,
  sources: readonly string[],
  unstable: ReadonlySet<string>,
): StoredProblem | undefined {
  const functionProblem = (name: string): StoredProblem => problem('recipe_function', { name });
  const name = (field: string): string => {
    const value = node[field];
    return typeof value === 'string' ? value.toLowerCase() : '';
  };
  if (isNode(node['sample'])) return functionProblem('SAMPLE');
  switch (node['type']) {
    case 'BASE_TABLE': {
      const path = [name('catalog_name'), name('schema_name'), name('table_name')].filter(
        (part) => part !== '',
      );
      if (path.length === 1 && known.has(path[0] ?? '')) return undefined;
      return problem('recipe_unknown_source', { name: path.join('.'), sources: sources.join(', ') });
    }
    case 'TABLE_FUNCTION': {
      const called = isNode(node['function']) ? String(node['function']['function_name']) : '';
      return harmlessTableFunctions.has(called.toLowerCase()) ? undefined : functionProblem(called);
    }
    case 'SHOW_REF':
      return functionProblem('DESCRIBE');
    case 'VALUE_PARAMETER':
      return functionProblem('?');
    case 'FUNCTION':
      return unstable.has(name('function_name')) ? functionProblem(name('function_name')) : undefined;
    case 'COLUMN_REF': {
      const path = Array.isArray(node['column_names']) ? node['column_names'].map(String) : [];
      const [only = ''] = path;
      return path.length === 1 && momentWords.has(only.toLowerCase()) ? functionProblem(only) : undefined;
    }
    default:
      return undefined;
  }
}

/** Functions that may give another value for the same arguments. */
async function unstableFunctions(connection: DuckDBConnection): Promise<Set<string>> {
  const rows = await allRows(
    connection,
    `SELECT DISTINCT lower(function_name) AS name FROM duckdb_functions() WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')`,
  );
  const found = new Set([...rows.map(({ name }) => String(name)), ...momentWords]);
  found.delete('error'); // stops the query, always with the same words
  return found;
}

/** Every object of a tree of JSON. */
function nodesOf(value: unknown): SqlNode[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  if (!isNode(value)) return [];
  return [value, ...Object.values(value).flatMap(nodesOf)];
}

/** What `WITH name AS (…)` names. */
function namesOfCommonTables(node: SqlNode): string[] {
  const map = isNode(node['cte_map']) ? node['cte_map']['map'] : undefined;
  return Array.isArray(map) ? map.filter(isNode).map(({ key }) => String(key)) : [];
}

const isNode = (value: unknown): value is SqlNode =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const problem = (code: StoredProblem['code'], parameters: StoredProblem['parameters']): StoredProblem => ({
  code,
  parameters,
  count: 1,
});
