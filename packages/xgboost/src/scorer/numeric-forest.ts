import { BlockForest } from './block-forest.ts';
import type { Forest } from './forest.ts';

/** Trees walked side by side: a processor waits for one tree's next node while it works on the others. */
const sideBySide = 4;

/**
 * A forest whose splits are all on numbers, laid out for walking without branches: the right child lies after the left one,
 * and a leaf leads to itself, so that each step is a comparison and an addition, and every tree takes as many steps as it is
 * deep.
 */
export class NumericForest {
  /** Two numbers a node: the place of its value in `#row`, and its left child. */
  readonly #links: Int32Array;
  /** NaN for a leaf: no value is equal to or above it. */
  readonly #thresholds: Float32Array;
  readonly #leaves: Float32Array;
  readonly #roots: Int32Array;
  readonly #groups: Int32Array;
  /** Of each tree. */
  readonly #ownDepths: Int32Array;
  /** The same, rounded up to the deepest of those that are walked with it. */
  readonly #depths: Int32Array;
  /** Each feature twice: where a missing value counts as less than everything, and as more. */
  readonly #row: Float32Array;

  private constructor(forest: Forest, features: number) {
    const nodes = forest.feature.length;
    this.#links = new Int32Array(2 * nodes);
    this.#thresholds = new Float32Array(nodes).fill(NaN);
    this.#leaves = new Float32Array(nodes);
    this.#roots = new Int32Array(forest.roots.length);
    this.#groups = forest.groups;
    this.#row = new Float32Array(2 * features);
    let next = 0;
    const depths = Int32Array.from(forest.roots, (root, tree) => {
      this.#roots[tree] = next;
      const { end, depth } = this.#layOut(forest, root, next, features);
      next = end;
      return depth;
    });
    this.#ownDepths = depths;
    this.#depths = depths.map((_, tree) => {
      const first = tree - (tree % sideBySide);
      return Math.max(...depths.slice(first, first + sideBySide));
    });
  }

  /** undefined for a forest with categories, or with a threshold that is no number. */
  static of(forest: Forest, features: number): NumericForest | undefined {
    const isSplit = (node: number): boolean => (forest.feature[node] as number) >= 0;
    const isPlain = (node: number): boolean =>
      (forest.setStart[node] as number) < 0 && Number.isFinite(forest.threshold[node]);
    for (let node = 0; node < forest.feature.length; node++)
      if (isSplit(node) && !isPlain(node)) return undefined;
    return new NumericForest(forest, features);
  }

  /** The same trees for many rows at once. */
  inBlocks(groups: number): BlockForest {
    return new BlockForest(
      {
        links: this.#links,
        thresholds: this.#thresholds,
        leaves: this.#leaves,
        roots: this.#roots,
        groups: this.#groups,
        depths: this.#ownDepths,
      },
      this.#row.length / 2,
      groups,
    );
  }

  /** Lays out one tree from a place on, level by level. */
  #layOut(forest: Forest, root: number, place: number, features: number): { end: number; depth: number } {
    let end = place + 1;
    let depth = 0;
    let level = [{ node: root, at: place }];
    for (;;) {
      const below: typeof level = [];
      for (const { node, at } of level) {
        const feature = forest.feature[node] as number;
        const value = forest.threshold[node] as number;
        if (feature < 0) {
          this.#links[2 * at + 1] = at;
          this.#leaves[at] = value;
          continue;
        }
        const left = forest.left[node] as number;
        this.#links[2 * at] = forest.missing[node] === left ? feature : features + feature;
        this.#links[2 * at + 1] = end;
        this.#thresholds[at] = value;
        below.push({ node: left, at: end }, { node: forest.right[node] as number, at: end + 1 });
        end += 2;
      }
      if (below.length === 0) return { end, depth };
      level = below;
      depth++;
    }
  }

  /** Adds the leaves that a row ends in to the margins, tree by tree. */
  addTo(margins: Float32Array, features: Float32Array): void {
    const row = this.#row;
    const width = features.length;
    for (let column = 0; column < width; column++) {
      const value = features[column] as number;
      const isMissing = value !== value;
      row[column] = isMissing ? -Infinity : value;
      row[width + column] = isMissing ? Infinity : value;
    }
    const count = this.#roots.length;
    const whole = count - (count % sideBySide);
    for (let tree = 0; tree < whole; tree += sideBySide) this.#addFour(tree, margins);
    for (let tree = whole; tree < count; tree++) {
      let node = this.#roots[tree] as number;
      for (let step = this.#depths[tree] as number; step > 0; step--) node = this.#next(node);
      this.#add(tree, node, margins);
    }
  }

  #addFour(tree: number, margins: Float32Array): void {
    const links = this.#links;
    const thresholds = this.#thresholds;
    const row = this.#row;
    const roots = this.#roots;
    let a = roots[tree] as number;
    let b = roots[tree + 1] as number;
    let c = roots[tree + 2] as number;
    let d = roots[tree + 3] as number;
    for (let step = this.#depths[tree] as number; step > 0; step--) {
      // Number() of a comparison is no branch, which ?: would be, and half of them would be guessed wrongly.
      a =
        (links[2 * a + 1] as number) +
        Number((row[links[2 * a] as number] as number) >= (thresholds[a] as number));
      b =
        (links[2 * b + 1] as number) +
        Number((row[links[2 * b] as number] as number) >= (thresholds[b] as number));
      c =
        (links[2 * c + 1] as number) +
        Number((row[links[2 * c] as number] as number) >= (thresholds[c] as number));
      d =
        (links[2 * d + 1] as number) +
        Number((row[links[2 * d] as number] as number) >= (thresholds[d] as number));
    }
    this.#add(tree, a, margins);
    this.#add(tree + 1, b, margins);
    this.#add(tree + 2, c, margins);
    this.#add(tree + 3, d, margins);
  }

  #next(node: number): number {
    const value = this.#row[this.#links[2 * node] as number] as number;
    const child = this.#links[2 * node + 1] as number;
    return child + Number(value >= (this.#thresholds[node] as number));
  }

  #add(tree: number, leaf: number, margins: Float32Array): void {
    const group = this.#groups[tree] as number;
    // Storing into a Float32Array rounds each partial sum to float32, as the library's own sum is.
    margins[group] = (margins[group] as number) + (this.#leaves[leaf] as number);
  }
}
