/** So many choices on the same test rows, and luck counts: people are told, and nothing is accepted by itself. */
export const mostLooks = 12;

/** Fewest test rows of a fresh holdout, and fewest of each of two outcomes, before models are compared on it. */
export const fewestFreshRows = 50;
export const fewestOfEachOutcome = 10;
/** So many test rows a fresh holdout collects, unless somebody says otherwise or there are fewer now. */
export const usualFreshRows = 1000;
