import { Choosing, type DecidingMetric } from '@kaefer/contracts';

/** What the form holds; text where something was typed, empty where nothing is asked for. */
export interface ChoosingChoices {
  /** null: the usual one of the task. */
  readonly metric: DecidingMetric | null;
  readonly margin: number | string;
  readonly megabytes: number | string;
  readonly microseconds: number | string;
  readonly secondApprover: boolean;
  readonly isAutomatic: boolean;
  readonly fewestRows: number | string;
  readonly fewestPositives: number | string;
}

const bytesPerMegabyte = 1_000_000;
const defaults = { fewestRows: 1000, fewestPositives: 50 };

export function choosingChoicesOf({
  metric,
  margin,
  mostBytes,
  mostMicroseconds,
  secondApprover,
  automatic,
}: Choosing): ChoosingChoices {
  return {
    metric,
    margin,
    megabytes: mostBytes === null ? '' : mostBytes / bytesPerMegabyte,
    microseconds: mostMicroseconds ?? '',
    secondApprover,
    isAutomatic: automatic !== null,
    ...(automatic ?? defaults),
  };
}

/** What the form says; undefined while a field cannot be what it is. */
export function choosingOf({
  metric,
  margin,
  megabytes,
  microseconds,
  secondApprover,
  isAutomatic,
  fewestRows,
  fewestPositives,
}: ChoosingChoices): Choosing | undefined {
  return Choosing.safeParse({
    metric,
    margin: margin === '' ? 0 : Number(margin),
    mostBytes: megabytes === '' ? null : Math.round(Number(megabytes) * bytesPerMegabyte),
    mostMicroseconds: microseconds === '' ? null : Number(microseconds),
    secondApprover,
    automatic: isAutomatic
      ? { fewestRows: Number(fewestRows), fewestPositives: Number(fewestPositives) }
      : null,
  }).data;
}
