import { XgboostError } from './errors.ts';

/**
 * Reads what XGBoosterEvalOneIter writes: `[3]\ttrain-auc:0.9\ttest-ndcg@5:0.8`.
 * @param names those of the matrices; a name may contain `-` and `:` itself, the longest that fits is taken.
 * @returns matrix name → metric → value, in the order of the text.
 */
export function parseEvaluation(
  text: string,
  names: readonly string[],
): Record<string, Record<string, number>> {
  const longestFirst = [...names].sort((a, b) => b.length - a.length);
  const metrics: Record<string, Record<string, number>> = Object.fromEntries(names.map((name) => [name, {}]));
  for (const entry of text.split('\t').slice(1)) {
    const name = longestFirst.find((candidate) => entry.startsWith(`${candidate}-`));
    const colon = entry.lastIndexOf(':');
    if (name === undefined || colon < 0) {
      throw new XgboostError(
        'XGBOOST_CALL_FAILED',
        `The library's evaluation is not understood: ${JSON.stringify(text)}.`,
      );
    }
    (metrics[name] as Record<string, number>)[entry.slice(name.length + 1, colon)] = parseNumber(
      entry.slice(colon + 1),
    );
  }
  return metrics;
}

/** C++ streams write `nan` and `inf`. */
function parseNumber(text: string): number {
  if (/^-?nan/i.test(text)) return NaN;
  if (/^-?inf/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return Number(text);
}
