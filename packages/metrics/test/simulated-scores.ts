import { RandomStream } from '../src/random-stream.ts';

/** Rows of a world in which positives (a share of `prevalence`) score higher; side b is the better one by `edge`. */
export function simulate(seed: number, rows: number, { prevalence = 0.3, edge = 0.3 } = {}) {
  const random = new RandomStream(seed);
  const normal = () =>
    Math.sqrt(-2 * Math.log(random.fraction())) * Math.cos(2 * Math.PI * random.fraction());
  const labels = new Uint8Array(rows);
  const a = new Float64Array(rows);
  const b = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    labels[i] = random.fraction() < prevalence ? 1 : 0;
    const shared = normal();
    a[i] = logistic(shared + normal() + labels[i]! * 1.2 - 1);
    b[i] = logistic(shared + normal() + labels[i]! * (1.2 + edge) - 1);
  }
  return { labels, a, b };
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
