import { XgboostError } from '../errors.ts';
import { compileForest, nextNode, type Forest } from './forest.ts';
import {
  fieldOf,
  integerOf,
  listOf,
  numbersOf,
  parseModelDocument,
  requiredField,
  textOf,
} from './model-document.ts';
import { linkOf, type ObjectiveLink } from './objective.ts';
import type { BlockForest } from './block-forest.ts';
import { NumericForest } from './numeric-forest.ts';
import { TreeShap } from './tree-shap.ts';

/**
 * A model computed in TypeScript, without the library: for a server that scores a record at a time. Margins are the
 * library's to the last bit, and predictions too where the library uses glibc's exponential.
 */
export class Scorer {
  /** Number of features in a row. */
  readonly features: number;
  /** The features' names, when the model has them. */
  readonly featureNames: readonly string[] | undefined;
  /** Margins a row: the number of classes of a multi-class model, otherwise 1. */
  readonly groups: number;
  /** For example `binary:logistic`. */
  readonly objective: string;
  #forest: Forest;
  /** The same trees, where they have no categories: faster to walk. */
  #numeric: NumericForest | undefined;
  #blocks: BlockForest | undefined;
  #link: ObjectiveLink;
  #baseMargins: Float32Array;
  #shap: TreeShap | undefined;

  private constructor(bytes: Uint8Array) {
    const learner = requiredField(parseModelDocument(bytes), 'learner');
    const booster = textOf(learner, 'gradient_booster', 'name');
    if (booster !== 'gbtree') {
      throw new XgboostError(
        'XGBOOST_MODEL_UNSUPPORTED',
        `The scorer computes gbtree models, and this one is ${booster}.`,
      );
    }
    const model = requiredField(learner, 'gradient_booster', 'model');
    const parameters = requiredField(learner, 'learner_model_param');
    const targets = fieldOf(parameters, 'num_target') === undefined ? 1 : integerOf(parameters, 'num_target');
    this.features = integerOf(parameters, 'num_feature');
    this.groups = Math.max(1, integerOf(parameters, 'num_class'), targets);
    const names = fieldOf(learner, 'feature_names');
    this.featureNames = Array.isArray(names) && names.length > 0 ? names.map(String) : undefined;
    this.objective = textOf(learner, 'objective', 'name');
    this.#link = linkOf(this.objective);
    this.#forest = compileForest(listOf(model, 'trees'), numbersOf(model, 'tree_info'), this.features);
    this.#numeric = NumericForest.of(this.#forest, this.features);
    if (this.#forest.groups.some((group) => group < 0 || group >= this.groups)) {
      throw new XgboostError(
        'XGBOOST_BAD_MODEL',
        'The model is damaged: a tree belongs to a class that there is not.',
      );
    }
    this.#baseMargins = baseMargins(textOf(parameters, 'base_score'), this.groups, this.#link);
  }

  /**
   * @param bytes a model saved by XGBoost 1.7 or later, in UBJSON or JSON.
   * @throws XgboostError `XGBOOST_BAD_MODEL`, `XGBOOST_MODEL_UNSUPPORTED`
   */
  static fromModel(bytes: Uint8Array): Scorer {
    return new Scorer(bytes);
  }

  /** Trees in the model. */
  get trees(): number {
    return this.#forest.roots.length;
  }

  /**
   * Margins of one row: what `predict` of kind `margin` gives.
   * @param features `features` float32 values, NaN for missing.
   * @param out receives `groups` values; made when absent.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`
   */
  margins(features: Float32Array, out = new Float32Array(this.groups)): Float32Array {
    this.#checkRow(features);
    if (out.length !== this.groups) {
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `There are ${this.groups} margins a row, and out has ${out.length}.`,
      );
    }
    out.set(this.#baseMargins);
    if (this.#numeric !== undefined) {
      this.#numeric.addTo(out, features);
      return out;
    }
    const { roots, groups, feature, threshold } = this.#forest;
    for (let tree = 0; tree < roots.length; tree++) {
      let node = roots[tree] as number;
      let column = feature[node] as number;
      while (column >= 0) {
        node = nextNode(this.#forest, node, features[column] as number);
        column = feature[node] as number;
      }
      const group = groups[tree] as number;
      // Storing into a Float32Array rounds each partial sum to float32, as the library's own sum is.
      out[group] = (out[group] as number) + (threshold[node] as number);
    }
    return out;
  }

  /**
   * The prediction for one row: a probability, one a class (`multi:softprob`), an expected value, a class number.
   * @param features `features` float32 values, NaN for missing.
   */
  predict(features: Float32Array): Float32Array {
    const values = this.margins(features);
    const count = this.#link.toPrediction(values);
    return count === values.length ? values : values.slice(0, count);
  }

  /**
   * Whether {@link predictColumns} has its fast way: trees without categories, and not so deep that most of the steps
   * of a walk to the deepest leaf are for nothing.
   */
  get isFastInBulk(): boolean {
    return this.#numeric !== undefined && this.#forest.depth <= deepestInBulk;
  }

  /**
   * The predictions for many rows, to the last bit those of {@link predict}, on the thread that asks.
   * @param columns one a feature, each with one float32 value a row, NaN for missing.
   * @returns row-major, as many values a row as {@link predict} gives.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`
   */
  predictColumns(columns: readonly Float32Array[], rows: number): Float32Array {
    if (columns.length !== this.features || columns.some(({ length }) => length < rows)) {
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `There are ${columns.length} columns; the model has ${this.features} features, and each needs ${rows} values.`,
      );
    }
    const margins = this.#marginsOfColumns(columns, rows);
    if (this.groups === 1) {
      this.#link.toPrediction(margins);
      return margins;
    }
    let next = 0;
    for (let row = 0; row < rows; row++) {
      const own = margins.subarray(row * this.groups, (row + 1) * this.groups);
      const count = this.#link.toPrediction(own);
      margins.copyWithin(next, row * this.groups, row * this.groups + count);
      next += count;
    }
    return margins.subarray(0, next);
  }

  #marginsOfColumns(columns: readonly Float32Array[], rows: number): Float32Array {
    const margins = new Float32Array(rows * this.groups);
    if (this.#numeric !== undefined && this.isFastInBulk) {
      this.#blocks ??= this.#numeric.inBlocks(this.groups);
      this.#blocks.margins(columns, rows, this.#baseMargins, margins);
      return margins;
    }
    const values = new Float32Array(this.features);
    for (let row = 0; row < rows; row++) {
      columns.forEach((column, place) => (values[place] = column[row] as number));
      this.margins(values, margins.subarray(row * this.groups, (row + 1) * this.groups));
    }
    return margins;
  }

  /**
   * Exact SHAP values of one row's margins.
   * @returns for each class `features` contributions and the bias, `groups * (features + 1)` in all; each class's add
   * up to its margin.
   */
  contributions(features: Float32Array): Float64Array {
    this.#checkRow(features);
    this.#shap ??= new TreeShap(this.#forest, this.features);
    const width = this.features + 1;
    const out = new Float64Array(this.groups * width);
    for (let group = 0; group < this.groups; group++) {
      out[group * width + this.features] = this.#baseMargins[group] as number;
    }
    for (let tree = 0; tree < this.trees; tree++) {
      this.#shap.add(tree, features, out, (this.#forest.groups[tree] as number) * width);
    }
    return out;
  }

  #checkRow(features: Float32Array): void {
    if (features.length === this.features) return;
    const message = `A row of this model has ${this.features} features, and this one ${features.length}.`;
    throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
  }
}

/** Every row takes as many steps down a tree as its deepest leaf needs. */
const deepestInBulk = 12;

/** The margin each class starts from. Before 3.1 `base_score` is a number, `5E-1`; since then a list, `[5E-1]`. */
function baseMargins(text: string, groups: number, link: ObjectiveLink): Float32Array {
  const scores = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map(Number);
  if (scores.some((score) => Number.isNaN(score)) || (scores.length !== 1 && scores.length !== groups)) {
    throw new XgboostError(
      'XGBOOST_BAD_MODEL',
      `The model is damaged: its base_score is ${text} for ${groups} classes.`,
    );
  }
  return Float32Array.from({ length: groups }, (_, group) =>
    link.toMargin(Math.fround(scores[group] ?? (scores[0] as number))),
  );
}
