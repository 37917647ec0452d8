import { nextNode, type Forest } from './forest.ts';
import { unitQuadrature } from './quadrature.ts';

/**
 * Exact SHAP values of trees: the "path-dependent" ones of Lundberg, Erion and Lee, "Consistent Individualized Feature
 * Attribution for Tree Ensembles" (arXiv:1802.03888), as the library gives them, but in float64. Expectations weigh
 * the branches by their cover.
 *
 * A leaf's value counts for a set S of known features as often as `∏ one(j in S) · ∏ zero(j not in S)` over the features
 * j on its path: `one` is 1 where the row would go that way and else 0, `zero` the share of cover that goes that way. The
 * Shapley value of feature i in such a product is `(one(i) − zero(i)) · ∫₀¹ ∏ over j ≠ i of (t·one(j) + (1−t)·zero(j)) dt`
 * (Owen's multilinear extension). The integrand is a polynomial, which a Gauss–Legendre rule with half as many nodes
 * as features integrates exactly; all leaves below an edge share its factor, so that a tree is walked once.
 *
 * Where a node's feature is new to the path, the factors of its two edges add up: with `c` the share of cover on the side
 * that the row does not take, they are `1 − c(1−t)` and `c(1−t)`. With the sums H and C below the two sides and
 * `D = c(H − C)`, the node's sum is `H − (1−t)D` and its feature's part is the integral of D times the factors above.
 */
export class TreeShap {
  readonly #forest: Forest;
  /** The expected value of each node's subtree. */
  readonly #means: Float64Array;
  /** Each node's share of its parent's cover. */
  readonly #shares: Float64Array;
  readonly #nodes: Float64Array;
  /** For each depth, the factors of the path multiplied, at every quadrature node; at the root its weights. */
  readonly #above: Float64Array;
  /** For each depth, the sum over the leaves below of their values times the factors below, at every node. */
  readonly #below: Float64Array;
  /** `one` and `zero` of each feature on the path; 1 for those that it has not met. */
  readonly #one: Float64Array;
  readonly #zero: Float64Array;
  #features: Float32Array = new Float32Array(0);
  #out: Float64Array = new Float64Array(0);
  #offset = 0;

  /** @param features columns of a row */
  constructor(forest: Forest, features: number) {
    this.#forest = forest;
    this.#means = expectedValues(forest);
    this.#shares = coverShares(forest);
    const most = Math.min(forest.depth, features);
    const { nodes, weights } = unitQuadrature(Math.max(1, Math.ceil(most / 2)));
    this.#nodes = nodes;
    this.#above = new Float64Array(nodes.length * (forest.depth + 1));
    this.#above.set(weights);
    this.#below = new Float64Array(nodes.length * (forest.depth + 1));
    this.#one = new Float64Array(features).fill(1);
    this.#zero = new Float64Array(features).fill(1);
  }

  /**
   * Adds one tree's contributions to `out[offset …]`: one a feature, and the tree's expected value as the last.
   * @param features a row of float32 values, NaN for missing.
   */
  add(tree: number, features: Float32Array, out: Float64Array, offset: number): void {
    const root = this.#forest.roots[tree] as number;
    const bias = offset + features.length;
    out[bias] = (out[bias] as number) + (this.#means[root] as number);
    if ((this.#forest.feature[root] as number) < 0) return;
    this.#features = features;
    this.#out = out;
    this.#offset = offset;
    this.#visit(root, 0);
  }

  /** Adds the contributions of the edges below a split, and leaves in `#below` what the node's parent needs. */
  #visit(node: number, depth: number): void {
    const forest = this.#forest;
    const feature = forest.feature[node] as number;
    const hot = nextNode(forest, node, this.#features[feature] as number);
    const left = forest.left[node] as number;
    const cold = hot === left ? (forest.right[node] as number) : left;
    const one = this.#one[feature] as number;
    const zero = this.#zero[feature] as number;
    if (one !== 1 || zero !== 1) this.#again(depth, feature, hot, cold, one, zero);
    else if ((forest.feature[hot] as number) < 0 && (forest.feature[cold] as number) < 0)
      this.#leaves(depth, feature, hot, cold);
    else this.#split(depth, feature, hot, cold);
  }

  /** A split with two leaves, on a feature that is new to the path. */
  #leaves(depth: number, feature: number, hot: number, cold: number): void {
    const nodes = this.#nodes;
    const above = this.#above;
    const below = this.#below;
    const count = nodes.length;
    const start = depth * count;
    const value = this.#forest.threshold[hot] as number;
    const difference = (this.#shares[cold] as number) * (value - (this.#forest.threshold[cold] as number));
    let factors = 0;
    for (let k = 0; k < count; k++) {
      factors += above[start + k] as number;
      below[start + k] = value - (1 - (nodes[k] as number)) * difference;
    }
    const at = this.#offset + feature;
    this.#out[at] = (this.#out[at] as number) + factors * difference;
  }

  /** A split on a feature that is new to the path. */
  #split(depth: number, feature: number, hot: number, cold: number): void {
    const nodes = this.#nodes;
    const above = this.#above;
    const below = this.#below;
    const count = nodes.length;
    const start = depth * count;
    const next = start + count;
    const share = this.#shares[cold] as number;
    if ((this.#forest.feature[hot] as number) < 0)
      below.fill(this.#forest.threshold[hot] as number, start, next);
    else {
      for (let k = 0; k < count; k++)
        above[next + k] = (above[start + k] as number) * (1 - share * (1 - (nodes[k] as number)));
      this.#zero[feature] = 1 - share;
      this.#visit(hot, depth + 1);
      for (let k = 0; k < count; k++) below[start + k] = below[next + k] as number;
    }
    // No cover goes the other way: its leaves count for nothing.
    if (share > 0) {
      if ((this.#forest.feature[cold] as number) < 0)
        below.fill(this.#forest.threshold[cold] as number, next, next + count);
      else {
        for (let k = 0; k < count; k++)
          above[next + k] = (above[start + k] as number) * share * (1 - (nodes[k] as number));
        this.#one[feature] = 0;
        this.#zero[feature] = share;
        this.#visit(cold, depth + 1);
      }
      let sum = 0;
      for (let k = 0; k < count; k++) {
        const difference = share * ((below[start + k] as number) - (below[next + k] as number));
        sum += (above[start + k] as number) * difference;
        below[start + k] = (below[start + k] as number) - (1 - (nodes[k] as number)) * difference;
      }
      const at = this.#offset + feature;
      this.#out[at] = (this.#out[at] as number) + sum;
    }
    this.#one[feature] = 1;
    this.#zero[feature] = 1;
  }

  /** A split on a feature that the path has met before, where `one` and `zero` were these. */
  #again(depth: number, feature: number, hot: number, cold: number, one: number, zero: number): void {
    const start = depth * this.#nodes.length;
    this.#below.fill(0, start, start + this.#nodes.length);
    this.#descend(hot, depth, feature, one, zero, one, zero * (this.#shares[hot] as number));
    this.#descend(cold, depth, feature, one, zero, 0, zero * (this.#shares[cold] as number));
    this.#one[feature] = one;
    this.#zero[feature] = zero;
  }

  /** The edge to a child on which `one` and `zero` of the feature change from the old to the new ones. */
  #descend(
    child: number,
    depth: number,
    feature: number,
    oldOne: number,
    oldZero: number,
    one: number,
    zero: number,
  ): void {
    // Neither the row nor any cover goes that way: the leaves there count for nothing.
    if (one === 0 && zero === 0) return;
    const nodes = this.#nodes;
    const above = this.#above;
    const below = this.#below;
    const count = nodes.length;
    const start = depth * count;
    const next = start + count;
    if ((this.#forest.feature[child] as number) < 0)
      below.fill(this.#forest.threshold[child] as number, next, next + count);
    else {
      for (let k = 0; k < count; k++) {
        const t = nodes[k] as number;
        const old = oldZero + t * (oldOne - oldZero);
        above[next + k] = ((above[start + k] as number) * (zero + t * (one - zero))) / old;
      }
      this.#one[feature] = one;
      this.#zero[feature] = zero;
      this.#visit(child, depth + 1);
    }
    let share = 0;
    for (let k = 0; k < count; k++) {
      const t = nodes[k] as number;
      const inverse = 1 / (oldZero + t * (oldOne - oldZero));
      const factor = (zero + t * (one - zero)) * inverse;
      const sum = below[next + k] as number;
      // A feature met before has its share of these leaves from the edge above; it is taken back.
      const gain = one - zero - factor * (oldOne - oldZero);
      share += (above[start + k] as number) * sum * inverse * gain;
      below[start + k] = (below[start + k] as number) + factor * sum;
    }
    const at = this.#offset + feature;
    this.#out[at] = (this.#out[at] as number) + share;
  }
}

/** Each node's share of its parent's cover; 0 where the parent has none, and of roots. */
function coverShares(forest: Forest): Float64Array {
  const shares = new Float64Array(forest.feature.length);
  for (let node = 0; node < shares.length; node++) {
    if ((forest.feature[node] as number) < 0) continue;
    const cover = forest.cover[node] as number;
    for (const child of [forest.left[node] as number, forest.right[node] as number])
      shares[child] = cover > 0 ? (forest.cover[child] as number) / cover : 0;
  }
  return shares;
}

/** The mean of the leaves below each node, weighed by cover. Children come after their parent in a forest. */
function expectedValues(forest: Forest): Float64Array {
  const means = new Float64Array(forest.feature.length);
  for (let node = means.length - 1; node >= 0; node--) {
    if ((forest.feature[node] as number) < 0) {
      means[node] = forest.threshold[node] as number;
      continue;
    }
    const [left, right] = [forest.left[node] as number, forest.right[node] as number];
    const sum =
      (means[left] as number) * (forest.cover[left] as number) +
      (means[right] as number) * (forest.cover[right] as number);
    means[node] = sum / (forest.cover[node] as number);
  }
  return means;
}
