import { XgboostError } from './errors.ts';

/**
 * A model's configuration as the library takes it.
 * @throws XgboostError `XGBOOST_BAD_ARGUMENT` for what is none: the library does not check it.
 */
export function configText(config: Readonly<Record<string, unknown>>): string {
  const { learner, version } = config;
  if (typeof learner === 'object' && learner !== null && Array.isArray(version))
    return JSON.stringify(config);
  const message = 'This is no configuration: it lacks the learner or the version that config() gives.';
  throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
}
