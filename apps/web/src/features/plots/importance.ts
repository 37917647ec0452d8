export interface Importance {
  readonly feature: string;
  readonly share: number;
}

export interface PairedImportance {
  readonly feature: string;
  readonly candidate: number;
  /** Null when there is no current model; 0 when it does not use the feature. */
  readonly current: number | null;
}

/** The features that drive either model most, the strongest first, at most `limit`. */
export function pairImportances(
  candidate: readonly Importance[],
  current: readonly Importance[] | null,
  limit: number,
): PairedImportance[] {
  const before = new Map(current?.map(({ feature, share }) => [feature, share]));
  const after = new Map(candidate.map(({ feature, share }) => [feature, share]));
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((feature) => ({
      feature,
      candidate: after.get(feature) ?? 0,
      current: current ? (before.get(feature) ?? 0) : null,
    }))
    .sort((a, b) => Math.max(b.candidate, b.current ?? 0) - Math.max(a.candidate, a.current ?? 0))
    .slice(0, limit);
}
