import { nextNode, type Forest } from './forest.ts';

/**
 * Exact SHAP values of trees: "path-dependent" TreeSHAP, algorithm 2 of Lundberg, Erion and Lee, "Consistent
 * Individualized Feature Attribution for Tree Ensembles" (arXiv:1802.03888), as in XGBoost's src/predictor/treeshap.cc,
 * but in float64. Expectations weigh the branches by their cover.
 */
export class TreeShap {
  #forest: Forest;
  /** The expected value of each node's subtree. */
  #means: Float64Array;
  /** Elements of the path to a node, for each depth a copy: the features met, and the shares of paths through them. */
  #feature: Int32Array;
  #zero: Float64Array;
  #one: Float64Array;
  #weight: Float64Array;

  constructor(forest: Forest) {
    this.#forest = forest;
    this.#means = expectedValues(forest);
    const longest = forest.depth + 2;
    const size = (longest * (longest + 1)) / 2;
    this.#feature = new Int32Array(size);
    this.#zero = new Float64Array(size);
    this.#one = new Float64Array(size);
    this.#weight = new Float64Array(size);
  }

  /**
   * Adds one tree's contributions to `out[offset …]`: one a feature, and the tree's expected value as the last.
   * @param features a row of float32 values, NaN for missing.
   */
  add(tree: number, features: Float32Array, out: Float64Array, offset: number): void {
    const root = this.#forest.roots[tree] as number;
    out[offset + features.length] = (out[offset + features.length] as number) + (this.#means[root] as number);
    this.#visit(root, features, out, offset, 0, 0, 1, 1, -1);
  }

  /** `base`: where the parent's path begins; `length`: how many features it holds beside the root. */
  #visit(
    node: number,
    features: Float32Array,
    out: Float64Array,
    offset: number,
    base: number,
    length: number,
    zero: number,
    one: number,
    feature: number,
  ): void {
    const path = base + length;
    this.#feature.copyWithin(path, base, base + length);
    this.#zero.copyWithin(path, base, base + length);
    this.#one.copyWithin(path, base, base + length);
    this.#weight.copyWithin(path, base, base + length);
    this.#extend(path, length, zero, one, feature);
    const forest = this.#forest;
    const split = forest.feature[node] as number;
    if (split < 0) {
      this.#addLeaf(path, length, forest.threshold[node] as number, out, offset);
      return;
    }
    const hot = nextNode(forest, node, features[split] as number);
    const left = forest.left[node] as number;
    const cold = hot === left ? (forest.right[node] as number) : left;
    const cover = forest.cover[node] as number;
    let incomingZero = 1;
    let incomingOne = 1;
    let depth = length;
    // A feature that the path has met already is taken out, so that it counts once.
    for (let i = 1; i <= length; i++) {
      if (this.#feature[path + i] !== split) continue;
      incomingZero = this.#zero[path + i] as number;
      incomingOne = this.#one[path + i] as number;
      this.#unwind(path, length, i);
      depth = length - 1;
      break;
    }
    const hotShare = (forest.cover[hot] as number) / cover;
    const coldShare = (forest.cover[cold] as number) / cover;
    this.#visit(hot, features, out, offset, path, depth + 1, hotShare * incomingZero, incomingOne, split);
    this.#visit(cold, features, out, offset, path, depth + 1, coldShare * incomingZero, 0, split);
  }

  /** Appends a feature to the path, which grows to `depth + 1` elements. */
  #extend(path: number, depth: number, zero: number, one: number, feature: number): void {
    const weight = this.#weight;
    this.#feature[path + depth] = feature;
    this.#zero[path + depth] = zero;
    this.#one[path + depth] = one;
    weight[path + depth] = depth === 0 ? 1 : 0;
    for (let i = depth - 1; i >= 0; i--) {
      const old = weight[path + i] as number;
      weight[path + i + 1] = (weight[path + i + 1] as number) + (one * old * (i + 1)) / (depth + 1);
      weight[path + i] = (zero * old * (depth - i)) / (depth + 1);
    }
  }

  /** Takes element `index` out of a path whose last element is `depth`. */
  #unwind(path: number, depth: number, index: number): void {
    const [weight, zeros, ones] = [this.#weight, this.#zero, this.#one];
    const one = ones[path + index] as number;
    const zero = zeros[path + index] as number;
    let next = weight[path + depth] as number;
    for (let i = depth - 1; i >= 0; i--) {
      const old = weight[path + i] as number;
      if (one !== 0) {
        weight[path + i] = (next * (depth + 1)) / ((i + 1) * one);
        next = old - ((weight[path + i] as number) * zero * (depth - i)) / (depth + 1);
      } else {
        weight[path + i] = (old * (depth + 1)) / (zero * (depth - i));
      }
    }
    this.#feature.copyWithin(path + index, path + index + 1, path + depth + 1);
    zeros.copyWithin(path + index, path + index + 1, path + depth + 1);
    ones.copyWithin(path + index, path + index + 1, path + depth + 1);
  }

  #addLeaf(path: number, depth: number, value: number, out: Float64Array, offset: number): void {
    for (let i = 1; i <= depth; i++) {
      const share = (this.#one[path + i] as number) - (this.#zero[path + i] as number);
      const at = offset + (this.#feature[path + i] as number);
      out[at] = (out[at] as number) + this.#sumUnwound(path, depth, i) * share * value;
    }
  }

  /** The sum of the weights that {@link TreeShap.#unwind} would leave. */
  #sumUnwound(path: number, depth: number, index: number): number {
    const weight = this.#weight;
    const one = this.#one[path + index] as number;
    const zero = this.#zero[path + index] as number;
    let next = weight[path + depth] as number;
    let total = 0;
    for (let i = depth - 1; i >= 0; i--) {
      if (one !== 0) {
        const unwound = (next * (depth + 1)) / ((i + 1) * one);
        total += unwound;
        next = (weight[path + i] as number) - (unwound * zero * (depth - i)) / (depth + 1);
      } else if (zero !== 0) {
        total += ((weight[path + i] as number) * (depth + 1)) / (zero * (depth - i));
      }
    }
    return total;
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
