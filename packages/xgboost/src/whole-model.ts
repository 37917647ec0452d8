import {
  damaged,
  fieldOf,
  integerOf,
  listOf,
  numbersOf,
  parseModelDocument,
  requiredField,
  textOf,
} from './scorer/model-document.ts';
import { MAXIMUM_CATEGORY } from './scorer/forest.ts';
import type { Document } from './scorer/ubjson.ts';

/**
 * Refuses a damaged model before the library sees it: the library reads past the end of a model that was cut, and follows branches
 * to wherever they lead, which ends the process.
 * @throws XgboostError `XGBOOST_BAD_MODEL`
 */
export function requireWholeModel(bytes: Uint8Array): void {
  const document = parseModelDocument(bytes);
  const learner = requiredField(document, 'learner');
  const features = countOf(learner, 'learner_model_param', 'num_feature');
  const classes = countOf(learner, 'learner_model_param', 'num_class');
  const targets = Number(fieldOf(requiredField(learner, 'learner_model_param'), 'num_target') ?? 1);
  if (classes > 1 && targets > 1) throw damaged(`${classes} classes and ${targets} targets`);
  const outputs = Math.max(1, classes, targets);
  requireBaseScores(textOf(learner, 'learner_model_param', 'base_score'), outputs);
  for (const texts of ['feature_names', 'feature_types']) {
    const list = fieldOf(learner, texts) === undefined ? [] : listOf(learner, texts);
    if (list.length !== 0 && list.length !== features)
      throw damaged(`${list.length} ${texts} for ${features} features`);
  }
  const booster = requiredField(learner, 'gradient_booster');
  // DART keeps its trees in a booster within.
  const model = fieldOf(fieldOf(booster, 'gbtree') ?? booster, 'model');
  if (model === undefined) return;
  if (fieldOf(model, 'trees') === undefined) requireWeights(model, features, outputs);
  else requireTrees(model, booster, features, outputs);
}

/** Since 3.1 a list, of one or of one for each output. */
function requireBaseScores(text: string, outputs: number): void {
  const scores = text.replace(/^\[|\]$/g, '').split(',');
  if (scores.length !== 1 && scores.length !== outputs)
    throw damaged(`${scores.length} base scores for ${outputs} outputs`);
  if (scores.some((score) => score.trim() === '' || Number.isNaN(Number(score))))
    throw damaged(`the base score ${text}`);
}

/** A linear model has a weight for each feature, and a bias, of each output. */
function requireWeights(model: Document, features: number, outputs: number): void {
  const { length } = numbersOf(model, 'weights');
  if (length !== 0 && length !== (features + 1) * outputs)
    throw damaged(`${length} weights for ${features} features`);
}

function requireTrees(model: Document, booster: Document, features: number, outputs: number): void {
  const trees = listOf(model, 'trees');
  const stated = countOf(model, 'gbtree_model_param', 'num_trees');
  const groups = numbersOf(model, 'tree_info');
  if (stated !== trees.length || groups.length !== trees.length)
    throw damaged(`${trees.length} trees where ${stated} are stated, and ${groups.length} groups`);
  for (let tree = 0; tree < groups.length; tree++)
    if (!isIndex(Number(groups[tree]), outputs))
      throw damaged(`a tree of the output ${groups[tree]} of ${outputs}`);
  if (fieldOf(model, 'iteration_indptr') !== undefined)
    requireRising(numbersOf(model, 'iteration_indptr'), trees.length);
  const drops = fieldOf(booster, 'weight_drop') === undefined ? undefined : numbersOf(booster, 'weight_drop');
  if (drops !== undefined && drops.length !== trees.length)
    throw damaged(`${drops.length} weights of ${trees.length} trees`);
  const places = new Set(trees.map((tree) => Number(requiredField(tree, 'id'))));
  for (let place = 0; place < trees.length; place++)
    if (!places.has(place)) throw damaged(`no tree ${place}`);
  for (const tree of trees) requireTree(tree, features, outputs);
}

/** Where each round's trees begin, and the last ones end. */
function requireRising(borders: ArrayLike<number>, trees: number): void {
  const [first, last] = [Number(borders[0]), Number(borders[borders.length - 1])];
  if (first !== 0 || last !== trees) throw damaged(`rounds from tree ${first} to ${last} of ${trees}`);
  for (let i = 1; i < borders.length; i++)
    if (!(Number(borders[i]) >= Number(borders[i - 1]))) throw damaged('rounds that are out of order');
}

/** One number a node. Some trees lack some of them. */
const nodeArrays = [
  'right_children',
  'parents',
  'split_indices',
  'split_conditions',
  'split_type',
  'default_left',
  'loss_changes',
  'sum_hessian',
] as const;
/** What a root has for its parent: the latter since 3.0 in trees with several outputs. */
const noParents: ReadonlySet<number> = new Set([2 ** 31 - 1, -1]);

function requireTree(tree: Document, features: number, outputs: number): void {
  const nodes = countOf(tree, 'tree_param', 'num_nodes');
  // Versions before 2.0 write 0 for trees with one value a leaf, later ones 1.
  const width = Math.max(1, countOf(tree, 'tree_param', 'size_leaf_vector'));
  if (width !== 1 && width !== outputs) throw damaged(`leaves of ${width} values for ${outputs} outputs`);
  const lefts = numbersOf(tree, 'left_children');
  if (nodes === 0 || lefts.length !== nodes) throw damaged(`${lefts.length} nodes in a tree of ${nodes}`);
  for (const name of ['parents', 'right_children', 'split_indices', 'split_conditions', 'default_left'])
    requiredField(tree, name);
  for (const name of nodeArrays) requireLength(tree, name, nodes);
  requireLength(tree, 'base_weights', nodes * width);
  const leaves =
    fieldOf(tree, 'leaf_weights') === undefined ? 0 : numbersOf(tree, 'leaf_weights').length / width;
  // Since they are written, the library expects these of such trees, too.
  if (leaves > 0) for (const name of ['loss_changes', 'sum_hessian']) requiredField(tree, name);
  const rights = numbersOf(tree, 'right_children');
  const [parents, splits] = [numbersOf(tree, 'parents'), numbersOf(tree, 'split_indices')];
  for (let node = 0; node < nodes; node++) {
    const [parent, left, right] = [Number(parents[node]), Number(lefts[node]), Number(rights[node])];
    if (!noParents.has(parent) && !isIndex(parent, nodes)) throw damaged('a branch that comes from nowhere');
    // A leaf of several values has the place of these instead of a right child.
    const leads =
      left === -1 ? right === -1 || isIndex(right, leaves) : isIndex(left, nodes) && isIndex(right, nodes);
    if (!leads) throw damaged('a branch that leads nowhere');
  }
  const waiting = [0];
  let met = 0;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (++met > nodes) throw damaged('a branch that leads back');
    if (Number(lefts[node]) === -1) continue;
    if (!isIndex(Number(splits[node]), features)) throw damaged('a split on a column that is not there');
    for (const child of [Number(lefts[node]), Number(rights[node])]) {
      if (Number(parents[child]) !== node) throw damaged('a branch that comes from elsewhere');
      waiting.push(child);
    }
  }
  requireCategories(tree, nodes);
}

function requireLength(tree: Document, name: string, length: number): void {
  const found = fieldOf(tree, name) === undefined ? length : numbersOf(tree, name).length;
  if (found !== length) throw damaged(`${found} numbers where its nodes need ${length} (${name})`);
}

function requireCategories(tree: Document, nodes: number): void {
  if (fieldOf(tree, 'categories') === undefined) return;
  const [codes, splits, starts, sizes] = [
    'categories',
    'categories_nodes',
    'categories_segments',
    'categories_sizes',
  ].map((name) => numbersOf(tree, name)) as [
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
    ArrayLike<number>,
  ];
  if (splits.length !== starts.length || splits.length !== sizes.length)
    throw damaged('sets of categories that do not fit their nodes');
  for (let set = 0; set < splits.length; set++) {
    const [start, size] = [Number(starts[set]), Number(sizes[set])];
    if (!isIndex(Number(splits[set]), nodes) || !(start >= 0 && size >= 0 && start + size <= codes.length))
      throw damaged('a set of categories that is not there');
  }
  for (let i = 0; i < codes.length; i++)
    if (!isIndex(Number(codes[i]), MAXIMUM_CATEGORY)) throw damaged(`a category code ${codes[i]}`);
  const [types, withSet] = [numbersOf(tree, 'split_type'), new Set(Array.from(splits, Number))];
  for (let node = 0; node < nodes; node++)
    if (Number(types[node]) !== (withSet.has(node) ? 1 : 0))
      throw damaged(`a split of the type ${types[node]}`);
}

const isIndex = (value: number, length: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < length;

function countOf(document: Document, ...keys: string[]): number {
  const value = integerOf(document, ...keys);
  if (value < 0) throw damaged(`${keys.join('.')} ${value}`);
  return value;
}
