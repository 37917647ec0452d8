import { fileURLToPath } from 'node:url';

/** The repository, and the folder for everything that benchmarks make and may lose. */
export const repository = fileURLToPath(new URL('..', import.meta.url));
export const cache = fileURLToPath(new URL('../.cache/bench/', import.meta.url));
