import { XgboostError } from './errors.ts';
import {
  METRICS,
  PARAMETER_ALIASES,
  parameterSchema,
  type Parameters,
  type ParameterSpec,
} from './parameter-schema.ts';

/**
 * Parameters as the library takes them: name and text, in the order given, `eval_metric` once for each metric.
 * @throws XgboostError `XGBOOST_BAD_PARAMETER`, naming every parameter that is unknown or out of its range.
 */
export function parameterTexts(parameters: Parameters): [name: string, text: string][] {
  const texts: [string, string][] = [];
  const problems: string[] = [];
  for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
    if (value === undefined) continue;
    const spec = Object.hasOwn(parameterSchema, name)
      ? (parameterSchema as Record<string, ParameterSpec>)[name]
      : undefined;
    const problem = spec === undefined ? unknownName(name) : problemOf(name, spec, value);
    if (problem !== undefined) problems.push(problem);
    else if (spec !== undefined) texts.push(...textsOf(name, spec, value));
  }
  if (problems.length > 0) throw new XgboostError('XGBOOST_BAD_PARAMETER', problems.join(' '));
  return texts;
}

function unknownName(name: string): string {
  const alias = Object.hasOwn(PARAMETER_ALIASES, name) ? PARAMETER_ALIASES[name] : undefined;
  if (alias !== undefined) return `The parameter ${name} is called ${alias} here.`;
  const nearest = nearestOf(name, [...Object.keys(parameterSchema), ...Object.keys(PARAMETER_ALIASES)]);
  return `There is no parameter ${name}; did you mean ${PARAMETER_ALIASES[nearest] ?? nearest}?`;
}

function problemOf(name: string, spec: ParameterSpec, value: unknown): string | undefined {
  const seen = JSON.stringify(value);
  switch (spec.kind) {
    case 'integer':
    case 'number': {
      const { kind, minimum = -Infinity, maximum = Infinity, above = false } = spec;
      const isNumber =
        typeof value === 'number' &&
        Number.isFinite(value) &&
        (kind === 'number' || Number.isSafeInteger(value));
      if (!isNumber)
        return `${name} must be ${kind === 'integer' ? 'a whole number' : 'a number'}, and is ${seen}.`;
      if (value < minimum || value > maximum || (above && value === minimum)) {
        return `${name} must be ${rangeText(minimum, maximum, above)}, and is ${seen}.`;
      }
      return undefined;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${name} must be true or false, and is ${seen}.`;
    case 'choice': {
      if (typeof value === 'string' && spec.choices.includes(value)) return undefined;
      const nearest = typeof value === 'string' ? ` Did you mean ${nearestOf(value, spec.choices)}?` : '';
      return `${name} must be one of ${spec.choices.join(', ')}, and is ${seen}.${nearest}`;
    }
    case 'text':
      return typeof value === 'string' && value !== ''
        ? undefined
        : `${name} must be a text, and is ${seen}.`;
    case 'metrics':
      return metricsProblem(name, value);
    case 'numbers':
      return listOf(value).every((item) => typeof item === 'number' && Number.isFinite(item)) &&
        listOf(value).length > 0
        ? undefined
        : `${name} must be a number or a list of numbers, and is ${seen}.`;
    case 'integers':
      return Array.isArray(value) && value.every((item) => item === -1 || item === 0 || item === 1)
        ? undefined
        : `${name} must be a list of -1, 0 and 1, and is ${seen}.`;
    case 'groups':
      return Array.isArray(value) && value.every((group) => Array.isArray(group) && group.every(isColumn))
        ? undefined
        : `${name} must be lists of column numbers, and is ${seen}.`;
  }
}

function metricsProblem(name: string, value: unknown): string | undefined {
  const metrics = listOf(value);
  if (metrics.length === 0) return `${name} names no metric.`;
  for (const metric of metrics) {
    if (typeof metric !== 'string') return `${name} must name metrics, and holds ${JSON.stringify(metric)}.`;
    const [base = '', at] = metric.replace(/-$/, '').split('@');
    if (!(METRICS as readonly string[]).includes(base)) {
      return `There is no metric ${metric}; did you mean ${nearestOf(base, METRICS)}?`;
    }
    if (at !== undefined && !/^\d+(\.\d+)?-?$/.test(at))
      return `The metric ${metric} needs a number after @.`;
  }
  return undefined;
}

function textsOf(name: string, spec: ParameterSpec, value: unknown): [string, string][] {
  if (spec.kind === 'metrics') return listOf(value).map((metric) => [name, String(metric)]);
  if (spec.kind === 'boolean') return [[name, value === true ? '1' : '0']];
  if (spec.kind === 'integers') return [[name, `(${(value as number[]).join(',')})`]];
  if (spec.kind === 'groups' || (spec.kind === 'numbers' && Array.isArray(value)))
    return [[name, JSON.stringify(value)]];
  return [[name, String(value)]];
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as unknown[]) : [value];
const isColumn = (item: unknown) => Number.isSafeInteger(item) && (item as number) >= 0;

function rangeText(minimum: number, maximum: number, above: boolean): string {
  const from = `${above ? 'above' : 'at least'} ${minimum}`;
  if (maximum === Infinity) return from;
  return minimum === -Infinity ? `at most ${maximum}` : `${from} and at most ${maximum}`;
}

/** The candidate with the least edit distance (Levenshtein 1966), the first of equals. */
export function nearestOf(word: string, candidates: readonly string[]): string {
  let [best, least] = ['', Infinity];
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
