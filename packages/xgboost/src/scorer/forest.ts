import { XgboostError } from '../errors.ts';
import { damaged, integerOf, numbersOf, requiredField } from './model-document.ts';
import type { Document } from './ubjson.ts';

/**
 * All trees of a model in flat arrays, one element a node; a child is the index of its node. Nodes are in the order
 * in which a walk from the root meets them, left before right, so that a row touches few cache lines.
 */
export interface Forest {
  /** The root node of each tree. */
  roots: Int32Array;
  /** The class (group) each tree adds to. */
  groups: Int32Array;
  /** The most edges between a root and a leaf. */
  depth: number;
  /** The column a node looks at; -1 for a leaf. */
  feature: Int32Array;
  /** What the value must be below to go left; of a leaf, the leaf's value. */
  threshold: Float32Array;
  left: Int32Array;
  right: Int32Array;
  /** Where a missing value goes. */
  missing: Int32Array;
  /** Sum of hessians of the training rows that came by. */
  cover: Float32Array;
  /** Of a categorical split, the first word of its set in `sets`; -1 of others. */
  setStart: Int32Array;
  setLength: Int32Array;
  /** Sets of category codes that go right, 32 a word, the lowest bit first. */
  sets: Uint32Array;
}

/** Grows the arrays of a forest, tree by tree. */
class ForestBuilder {
  roots: number[] = [];
  feature: number[] = [];
  threshold: number[] = [];
  left: number[] = [];
  right: number[] = [];
  missing: number[] = [];
  cover: number[] = [];
  setStart: number[] = [];
  setLength: number[] = [];
  sets: number[] = [];
  depth = 0;
  #featureCount: number;

  constructor(featureCount: number) {
    this.#featureCount = featureCount;
  }

  add(document: Document): void {
    const tree = readTree(document);
    const first = this.feature.length;
    this.roots.push(first);
    // Not by recursion: a tree may be a chain of thousands of nodes.
    const waiting: WaitingNode[] = [{ id: 0, depth: 0, parent: -1, isLeft: true }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { id, depth, parent, isLeft } = next;
      const node = this.#addNode(tree, id, first + tree.left.length);
      this.depth = Math.max(this.depth, depth);
      if (parent >= 0) {
        (isLeft ? this.left : this.right)[parent] = node;
        if (this.missing[parent] === (isLeft ? goesLeft : goesRight)) this.missing[parent] = node;
      }
      if (this.feature[node] === -1) continue;
      this.missing[node] = tree.defaultLeft[id] ? goesLeft : goesRight;
      // The last one put down is the next: left before right.
      waiting.push({ id: tree.right[id] as number, depth: depth + 1, parent: node, isLeft: false });
      waiting.push({ id: tree.left[id] as number, depth: depth + 1, parent: node, isLeft: true });
    }
  }

  /** Adds a node without its children. Nodes the library pruned are never reached, and so left out. */
  #addNode(tree: TreeDocument, id: number, limit: number): number {
    const count = tree.left.length;
    if (!(id >= 0 && id < count)) throw damaged('a branch that leads nowhere');
    const node = this.feature.length;
    // More nodes met than there are: a branch leads back.
    if (node >= limit) throw damaged('a branch that leads back');
    const isLeaf = tree.left[id] === -1;
    const feature = isLeaf ? -1 : (tree.feature[id] as number);
    if (feature >= this.#featureCount) throw damaged(`a split on column ${feature} of ${this.#featureCount}`);
    this.feature.push(feature);
    this.threshold.push(tree.threshold[id] as number);
    this.cover.push(tree.cover[id] as number);
    const set = isLeaf ? undefined : tree.sets.get(id);
    this.setStart.push(set ? this.sets.length : -1);
    this.setLength.push(set ? set.length : 0);
    if (set) for (const word of set) this.sets.push(word);
    this.left.push(-1);
    this.right.push(-1);
    this.missing.push(-1);
    return node;
  }
}

/** A node that is met and not yet added. */
interface WaitingNode {
  id: number;
  depth: number;
  /** The node it is a child of; -1 for a root. */
  parent: number;
  isLeft: boolean;
}

/** Where a missing value goes, as long as that child has no place. */
const [goesLeft, goesRight] = [-2, -3];

/** Compiles the `trees` of a model. @throws XgboostError `XGBOOST_BAD_MODEL`, `XGBOOST_MODEL_UNSUPPORTED` */
export function compileForest(
  trees: readonly Document[],
  groups: ArrayLike<number>,
  featureCount: number,
): Forest {
  if (groups.length !== trees.length) throw damaged(`${trees.length} trees and ${groups.length} groups`);
  const builder = new ForestBuilder(featureCount);
  for (const tree of trees) builder.add(tree);
  return {
    roots: new Int32Array(builder.roots),
    groups: new Int32Array(groups),
    depth: builder.depth,
    feature: new Int32Array(builder.feature),
    threshold: new Float32Array(builder.threshold),
    left: new Int32Array(builder.left),
    right: new Int32Array(builder.right),
    missing: new Int32Array(builder.missing),
    cover: new Float32Array(builder.cover),
    setStart: new Int32Array(builder.setStart),
    setLength: new Int32Array(builder.setLength),
    sets: new Uint32Array(builder.sets),
  };
}

interface TreeDocument {
  left: ArrayLike<number>;
  right: ArrayLike<number>;
  feature: ArrayLike<number>;
  threshold: ArrayLike<number>;
  defaultLeft: ArrayLike<number>;
  cover: ArrayLike<number>;
  /** Node → set of category codes. */
  sets: Map<number, Uint32Array>;
}

function readTree(document: Document): TreeDocument {
  const parameters = requiredField(document, 'tree_param');
  // Versions before 2.0 write 0, later ones 1, for trees with one value a leaf.
  if (integerOf(parameters, 'size_leaf_vector') > 1) {
    throw new XgboostError(
      'XGBOOST_MODEL_UNSUPPORTED',
      'The scorer does not compute trees with several outputs.',
    );
  }
  const tree = {
    left: numbersOf(document, 'left_children'),
    right: numbersOf(document, 'right_children'),
    feature: numbersOf(document, 'split_indices'),
    threshold: numbersOf(document, 'split_conditions'),
    defaultLeft: numbersOf(document, 'default_left'),
    cover: numbersOf(document, 'sum_hessian'),
    sets: readSets(document),
  };
  const { sets: _, ...arrays } = tree;
  if (Object.values(arrays).some((array) => array.length !== tree.left.length))
    throw damaged('node arrays of unequal length');
  return tree;
}

function readSets(document: Document): Map<number, Uint32Array> {
  const categories = numbersOf(document, 'categories');
  const nodes = numbersOf(document, 'categories_nodes');
  const starts = numbersOf(document, 'categories_segments');
  const sizes = numbersOf(document, 'categories_sizes');
  const sets = new Map<number, Uint32Array>();
  for (let i = 0; i < nodes.length; i++) {
    const codes: number[] = [];
    for (let j = 0; j < (sizes[i] ?? 0); j++) {
      const code = categories[(starts[i] as number) + j];
      if (code === undefined || !(code >= 0 && code < MAXIMUM_CATEGORY))
        throw damaged(`a category code ${code}`);
      codes.push(code);
    }
    const set = new Uint32Array((codes.reduce((most, code) => Math.max(most, code), 0) >>> 5) + 1);
    for (const code of codes) set[code >>> 5] = (set[code >>> 5] as number) | (1 << (code & 31));
    sets.set(nodes[i] as number, set);
  }
  return sets;
}

/** Codes from 2^24 on are not exact in float32; the library calls them invalid (src/common/categorical.h). */
export const MAXIMUM_CATEGORY = 2 ** 24;

/** The child of a split that a value leads to. */
export function nextNode(forest: Forest, node: number, value: number): number {
  if (value !== value) return forest.missing[node] as number;
  const start = forest.setStart[node] as number;
  if (start < 0)
    return (value < (forest.threshold[node] as number) ? forest.left[node] : forest.right[node]) as number;
  return (isInSet(forest, node, start, value) ? forest.right[node] : forest.left[node]) as number;
}

/** Values that are no code known from training are in no set, and so go left (src/common/categorical.h). */
function isInSet(forest: Forest, node: number, start: number, value: number): boolean {
  if (!(value >= 0 && value < MAXIMUM_CATEGORY)) return false;
  const code = Math.trunc(value);
  const word = code >>> 5;
  if (word >= (forest.setLength[node] as number)) return false;
  return (((forest.sets[start + word] as number) >>> (code & 31)) & 1) === 1;
}
