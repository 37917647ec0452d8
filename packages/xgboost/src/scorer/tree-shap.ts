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
 */
export class TreeShap {
  readonly #forest: Forest;
  /** The expected value of each node's subtree. */
  readonly #means: Float64Array;
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
    this.#features = features;
    this.#out = out;
    this.#offset = offset;
    this.#visit(root, 0);
  }

  /** Adds the contributions of the edges below a node, and leaves in `#below` what the node's parent needs. */
  #visit(node: number, depth: number): void {
    const forest = this.#forest;
    const below = this.#below;
    const count = this.#nodes.length;
    const start = depth * count;
    const feature = forest.feature[node] as number;
    if (feature < 0) {
      const value = forest.threshold[node] as number;
      for (let k = start; k < start + count; k++) below[k] = value;
      return;
    }
    for (let k = start; k < start + count; k++) below[k] = 0;
    const hot = nextNode(forest, node, this.#features[feature] as number);
    const left = forest.left[node] as number;
    const cold = hot === left ? (forest.right[node] as number) : left;
    const cover = forest.cover[node] as number;
    const one = this.#one[feature] as number;
    const zero = this.#zero[feature] as number;
    this.#descend(hot, depth, feature, one, zero, one, (zero * (forest.cover[hot] as number)) / cover);
    this.#descend(cold, depth, feature, one, zero, 0, (zero * (forest.cover[cold] as number)) / cover);
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
    for (let k = 0; k < count; k++) {
      const t = nodes[k] as number;
      const old = oldZero + t * (oldOne - oldZero);
      above[next + k] = ((above[start + k] as number) * (zero + t * (one - zero))) / old;
    }
    this.#one[feature] = one;
    this.#zero[feature] = zero;
    this.#visit(child, depth + 1);
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
