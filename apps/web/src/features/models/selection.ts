/** Selects a version or takes it back; of three the one that was selected first gives way. */
export function withSelected(selected: readonly number[], version: number): number[] {
  return selected.includes(version)
    ? selected.filter((other) => other !== version)
    : [...selected, version].slice(-2);
}
