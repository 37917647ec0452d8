/** So many choices on the same test rows, and luck counts: people are told, and nothing is accepted by itself. */
export const mostLooks = 12;
