import { XgboostError } from './errors.ts';
import type { NativeLibrary } from './native/native-library.ts';
import { parameterSchema, SINCE, type ParameterSpec } from './parameter-schema.ts';

/**
 * Refuses parameters, objectives and metrics that the loaded version lacks: it passes over the parameters without a word.
 * @throws XgboostError `XGBOOST_NOT_IN_THIS_VERSION`, naming all of them
 */
export function requireVersion(
  parameters: readonly [name: string, text: string][],
  library: NativeLibrary,
): void {
  const absent = parameters.flatMap(([name, text]) => {
    const { since } = (parameterSchema as Record<string, ParameterSpec>)[name] ?? {};
    if (since !== undefined && isBefore(library, since)) return [`${name} (since ${since})`];
    const sinceValue = valueSince(name, text);
    return sinceValue !== undefined && isBefore(library, sinceValue)
      ? [`${name} ${text} (since ${sinceValue})`]
      : [];
  });
  if (absent.length === 0) return;
  const message = `${library.path} (XGBoost ${library.versionText}) lacks ${absent.join(', ')}.`;
  throw new XgboostError('XGBOOST_NOT_IN_THIS_VERSION', message);
}

/** The version that an objective or a metric came with; undefined where 1.7 has it. */
function valueSince(name: string, text: string): string | undefined {
  if (name === 'objective') return SINCE[text];
  return name === 'eval_metric' ? SINCE[text.split('@')[0] as string] : undefined;
}

function isBefore({ version }: NativeLibrary, since: string): boolean {
  const [major = 0, minor = 0] = since.split('.').map(Number);
  return version.major < major || (version.major === major && version.minor < minor);
}
