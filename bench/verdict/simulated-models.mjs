// Two models of a world in which everything is known. Each sees the outcome through noise of its own strength; most of the
// noise is shared, as by models trained on nearly the same data. Probabilities are the true ones given what a model
// sees, so that each is calibrated until it is made overconfident.

/** @param {import('../../packages/metrics/dist/random-stream.js').RandomStream} random */
const normal = (random) =>
  Math.sqrt(-2 * Math.log(random.fraction())) * Math.cos(2 * Math.PI * random.fraction());

/** The distance of two unit normal distributions of which one exceeds the other in a share `auc` of pairs. */
export function strengthOf(auc, normalQuantile) {
  return Math.SQRT2 * normalQuantile(auc);
}

/**
 * What every world has: `segments` random ones in each of `partitions` of the rows. In segment 0 of the first partition the
 * candidate has the strength, or the error, `weak` instead of its own.
 *
 * @typedef {{ random: object, rows: number, correlation: number, segments: number, partitions: number, current: number,
 *   candidate: number, weak?: number }} World
 */

/** @param {World} world */
function emptyWorld({ rows, partitions }, outputs) {
  return {
    labels: new Float64Array(rows),
    current: new Float32Array(rows * outputs),
    candidate: new Float32Array(rows * outputs),
    codes: Array.from({ length: partitions }, () => new Int32Array(rows)),
  };
}

/** Draws the row's segments; returns what the candidate has there. @param {World} world */
function drawSegments({ random, segments, candidate, weak }, codes, row) {
  for (const partition of codes) partition[row] = random.uint32() % segments;
  return weak !== undefined && codes[0][row] === 0 ? weak : candidate;
}

/** Noise of both models: unit normal, and as much of it shared as `correlation` says. @param {World} world */
function drawNoise({ random, correlation }) {
  const shared = normal(random);
  return [shared, correlation * shared + Math.sqrt(1 - correlation * correlation) * normal(random)];
}

/**
 * Two outcomes, of which a share `prevalence` is positive; the candidate's log odds are multiplied by `overconfidence`.
 *
 * @param {World & { prevalence: number, overconfidence?: number }} world `current`, `candidate` and `weak` are strengths
 */
export function simulateBinary(world) {
  const { random, rows, prevalence } = world;
  const simulated = emptyWorld(world, 1);
  const priorOdds = Math.log(prevalence / (1 - prevalence));
  const probability = (strength, noise, label, sharpness) => {
    const seen = strength * label + noise;
    return 1 / (1 + Math.exp(-sharpness * (priorOdds + strength * seen - (strength * strength) / 2)));
  };
  for (let row = 0; row < rows; row++) {
    const label = random.fraction() < prevalence ? 1 : 0;
    const strength = drawSegments(world, simulated.codes, row);
    const [first, second] = drawNoise(world);
    simulated.labels[row] = label;
    simulated.current[row] = probability(world.current, first, label, 1);
    simulated.candidate[row] = probability(strength, second, label, world.overconfidence ?? 1);
  }
  return simulated;
}

/** Classes that are equally frequent, each with noise of its own. @param {World & { classes: number }} world as of two */
export function simulateClasses(world) {
  const { random, rows, classes } = world;
  const simulated = emptyWorld(world, classes);
  const write = (scores, row, strength, noises, label) => {
    const odds = noises.map((noise, place) =>
      Math.exp(strength * (noise + (place === label ? strength : 0))),
    );
    const sum = odds.reduce((total, value) => total + value, 0);
    odds.forEach((value, place) => (scores[row * classes + place] = value / sum));
  };
  for (let row = 0; row < rows; row++) {
    const label = random.uint32() % classes;
    const strength = drawSegments(world, simulated.codes, row);
    const noises = Array.from({ length: classes }, () => drawNoise(world));
    simulated.labels[row] = label;
    write(
      simulated.current,
      row,
      world.current,
      noises.map(([first]) => first),
      label,
    );
    write(
      simulated.candidate,
      row,
      strength,
      noises.map(([, second]) => second),
      label,
    );
  }
  return simulated;
}

/**
 * Numbers of which the models know all but an error; some errors are many times as large as others, as in the field.
 *
 * @param {World & { rare?: { share: number, times: number } }} world `current`, `candidate` and `weak` are the errors' usual
 *   sizes; the outcome's own is 1. In a share `rare` of the rows the candidate's error is so many times as large
 */
export function simulateNumbers(world) {
  const { random, rows } = world;
  const simulated = emptyWorld(world, 1);
  for (let row = 0; row < rows; row++) {
    const usual = drawSegments(world, simulated.codes, row);
    const error = world.rare && random.fraction() < world.rare.share ? usual * world.rare.times : usual;
    const size = Math.exp(0.8 * normal(random));
    const [first, second] = drawNoise(world);
    const label = 10 + normal(random);
    simulated.labels[row] = label;
    simulated.current[row] = label + world.current * size * first;
    simulated.candidate[row] = label + error * size * second;
  }
  return simulated;
}
