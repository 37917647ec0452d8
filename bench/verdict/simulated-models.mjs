// Two binary models of a world in which everything is known. Each sees the outcome through a normal variable of its own
// strength; both variables share most of their noise, as models trained on nearly the same data do. Their probabilities
// are the true ones given what they see, so that each is calibrated until it is made overconfident.

/** @param {import('../../packages/metrics/dist/random-stream.js').RandomStream} random */
const normal = (random) =>
  Math.sqrt(-2 * Math.log(random.fraction())) * Math.cos(2 * Math.PI * random.fraction());

/** The distance of two unit normal distributions of which one exceeds the other in a share `auc` of pairs. */
export function strengthOf(auc, normalQuantile) {
  return Math.SQRT2 * normalQuantile(auc);
}

/**
 * @param {{ random: object, rows: number, prevalence: number, correlation: number, current: number, candidate: number,
 *   overconfidence?: number, weakSegment?: number, segments: number, partitions: number }} world `current` and `candidate` are
 *   strengths; in segment 0 of the first partition the candidate has `weakSegment` instead; its log odds are multiplied by
 *   `overconfidence`
 */
export function simulateModels(world) {
  const { random, rows, prevalence, correlation, segments, partitions } = world;
  const labels = new Float64Array(rows);
  const current = new Float32Array(rows);
  const candidate = new Float32Array(rows);
  const codes = Array.from({ length: partitions }, () => new Int32Array(rows));
  const priorOdds = Math.log(prevalence / (1 - prevalence));
  const own = Math.sqrt(1 - correlation * correlation);
  for (let row = 0; row < rows; row++) {
    const label = random.fraction() < prevalence ? 1 : 0;
    for (const partition of codes) partition[row] = random.uint32() % segments;
    const shared = normal(random);
    const isWeak = world.weakSegment !== undefined && codes[0][row] === 0;
    const strength = isWeak ? world.weakSegment : world.candidate;
    labels[row] = label;
    const a = world.current * label + shared;
    const b = strength * label + correlation * shared + own * normal(random);
    current[row] = probability(priorOdds, world.current, a, 1);
    candidate[row] = probability(priorOdds, strength, b, world.overconfidence ?? 1);
  }
  return { labels, current, candidate, codes };
}

const probability = (priorOdds, strength, seen, sharpness) =>
  1 / (1 + Math.exp(-sharpness * (priorOdds + strength * seen - (strength * strength) / 2)));
