import { z } from 'zod';

/**
 * `full`: a new model from all rows. `incremental`: the current model goes on with the new rows. `refresh`: the trees of the current
 * model stay as they are, and the values of their leaves are estimated again on all rows of today.
 */
export const Mode = z.enum(['full', 'incremental', 'refresh']);
export type Mode = z.infer<typeof Mode>;

/** How a run trains: in one way, or with `auto` in each that fits the time given, so that a person can choose among the results. */
export const RunMode = z.enum([...Mode.options, 'auto']);
export type RunMode = z.infer<typeof RunMode>;
