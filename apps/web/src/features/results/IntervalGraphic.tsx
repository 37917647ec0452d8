import type { Difference } from '@kaefer/contracts';
import type { Change } from './metric-facts.ts';

const width = 150;
const height = 22;
const padding = 8;

const colors: Record<Change, string> = {
  better: 'var(--kaefer-better)',
  worse: 'var(--kaefer-worse)',
  same: 'var(--mantine-color-dimmed)',
};

/** How far from zero a difference and its interval lie. */
export const reachOf = ({ estimate, low, high }: Difference): number =>
  Math.max(...[estimate, low, high].map((value) => Math.abs(value ?? 0)));

/** A dot with whiskers around a line at zero. Each has a scale of its own, unless it is told how far that reaches. */
export function IntervalGraphic({
  difference,
  change,
  label,
  reach: told,
}: {
  difference: Difference;
  change: Change;
  label: string;
  reach?: number;
}) {
  const { estimate, low, high } = difference;
  if (estimate === null || low === null || high === null) return null;
  const reach = (told ?? reachOf(difference)) || 1;
  const x = (value: number) => width / 2 + (value / reach) * (width / 2 - padding);
  const y = height / 2;
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <line x1={width / 2} x2={width / 2} y1={1} y2={height - 1} stroke="currentColor" strokeOpacity={0.5} />
      <g stroke={colors[change]} strokeWidth={2}>
        <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
        <line x1={x(low)} x2={x(low)} y1={y - 4} y2={y + 4} />
        <line x1={x(high)} x2={x(high)} y1={y - 4} y2={y + 4} />
      </g>
      <circle cx={x(estimate)} cy={y} r={5} fill={colors[change]} />
    </svg>
  );
}
