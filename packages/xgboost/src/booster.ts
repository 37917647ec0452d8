/// <reference lib="esnext.disposable" preserve="true" />
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { configText } from './booster-config.ts';
import { parseEvaluation } from './evaluation-text.ts';
import { requireMatrix, type DMatrix, type FeatureType } from './dmatrix.ts';
import { featureScores, type ImportanceType } from './feature-scores.ts';
import { predictInPlace } from './in-place.ts';
import { XgboostError } from './errors.ts';
import type { ArgumentsOf, FunctionName } from './native/declarations.ts';
import { Handle } from './native/handle.ts';
import { copyBytes, readText, readTexts, withLent } from './native/memory.ts';
import { checkCount, checkRows, columnCount, type Rows } from './rows.ts';
import { nativeLibrary, type NativeLibrary } from './native/native-library.ts';
import { requireFeatures, requireRounds } from './model-checks.ts';
import { refuseNewerModel } from './model-version.ts';
import { requireWholeModel } from './whole-model.ts';
import { parseTree, type TreeNode } from './trees.ts';
import { requireDevice } from './device-support.ts';
import { parameterTexts } from './parameter-check.ts';
import type { Parameters } from './parameter-schema.ts';
import { requireVersion } from './version-support.ts';
import {
  copyPrediction,
  PREDICTION_KINDS,
  type InPlaceOptions,
  type Prediction,
  type PredictOptions,
} from './prediction.ts';

/** Both UBJSON and JSON models are one object. */
const OPENING_BRACE = 0x7b;

/** A model in the library's memory. Freed by {@link Booster.dispose} only. */
export class Booster {
  #handle: Handle;

  private constructor(library: NativeLibrary, address: bigint | null) {
    this.#handle = new Handle(library, address, 'Booster');
  }

  /**
   * An untrained model (XGBoosterCreate). It takes over the first matrix's feature names and types.
   * @param matrices those that will be trained and evaluated on: the library caches their predictions.
   * @throws XgboostError `XGBOOST_BAD_PARAMETER`, `XGBOOST_NOT_IN_THIS_VERSION`, `XGBOOST_NOT_IN_THIS_BUILD`
   */
  static create(parameters: Parameters, matrices: readonly DMatrix[]): Booster {
    const texts = parameterTexts(parameters);
    const booster = Booster.#empty(matrices);
    return booster.#disposedUnless(() => {
      booster.#setTexts(texts);
      if (matrices[0]) booster.#adoptFeatures(matrices[0]);
    });
  }

  /**
   * A saved model, in UBJSON or JSON. Parameters of training are not part of it: set them again to train on.
   * @param model bytes, or the path of a file.
   * @throws XgboostError `XGBOOST_BAD_MODEL` when it is damaged or not a model, `XGBOOST_MODEL_UNSUPPORTED`
   * when a newer version than the library's made it.
   */
  static load(model: Uint8Array | string, matrices: readonly DMatrix[] = []): Booster {
    const bytes = typeof model === 'string' ? readFileSync(model) : model;
    // Version 1.7 takes anything that is no object for its old binary format, which it does not check.
    if (bytes[0] !== OPENING_BRACE) {
      throw new XgboostError('XGBOOST_BAD_MODEL', 'These bytes are not a model in UBJSON or JSON.');
    }
    refuseNewerModel(bytes, nativeLibrary().version);
    requireWholeModel(bytes);
    const booster = Booster.#empty(matrices);
    return booster.#disposedUnless(() => booster.#call('XGBoosterLoadModelFromBuffer', bytes, bytes.length));
  }

  static #empty(matrices: readonly DMatrix[]): Booster {
    const library = nativeLibrary();
    const address: [bigint | null] = [null];
    library.call('XGBoosterCreate', addressesOf(matrices), matrices.length, address);
    return new Booster(library, address[0]);
  }

  /**
   * One round of boosting (XGBoosterUpdateOneIter).
   * @param iteration the round's number, counted from 0 over the model's whole life.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when the matrix's features are not the model's.
   */
  update(matrix: DMatrix, iteration: number): void {
    requireFeatures(this, matrix);
    this.#call('XGBoosterUpdateOneIter', iteration, matrix.address);
  }

  /**
   * One round with gradients of your own (XGBoosterTrainOneIter; before 2.0 XGBoosterBoostOneIter).
   * @param gradient first derivatives of the loss by the margin, one a row or row-major one a row and class.
   * @param hessian second derivatives, as many.
   */
  boost(matrix: DMatrix, gradient: Float32Array, hessian: Float32Array, iteration = this.rounds): void {
    requireFeatures(this, matrix);
    const width = gradient.length / matrix.rows;
    if (gradient.length !== hessian.length || !Number.isInteger(width) || width < 1) {
      const seen = `${gradient.length} gradients and ${hessian.length} hessians for ${matrix.rows} rows`;
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `There are ${seen}; there must be as many of both, 1 a row and class.`,
      );
    }
    if (!this.#handle.library.has('XGBoosterTrainOneIter')) {
      this.#call('XGBoosterBoostOneIter', matrix.address, gradient, hessian, gradient.length);
      return;
    }
    const shape = [matrix.rows, width];
    withLent(gradient, shape, (gradients) =>
      withLent(hessian, shape, (hessians) =>
        this.#call('XGBoosterTrainOneIter', matrix.address, iteration, gradients, hessians),
      ),
    );
  }

  /** The metrics of each matrix: `{train: {auc: 0.9}}` (XGBoosterEvalOneIter). */
  evaluate(
    iteration: number,
    on: readonly { matrix: DMatrix; name: string }[],
  ): Record<string, Record<string, number>> {
    for (const { matrix } of on) requireFeatures(this, matrix);
    const names = on.map(({ name }) => name);
    const text: [bigint | null] = [null];
    this.#call(
      'XGBoosterEvalOneIter',
      iteration,
      addressesOf(on.map(({ matrix }) => matrix)),
      names,
      on.length,
      text,
    );
    return parseEvaluation(readText(text[0]), names);
  }

  /**
   * Predictions for each row (XGBoosterPredictFromDMatrix). Copied.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when the matrix's features are not the model's, or the range is not.
   */
  predict(matrix: DMatrix, options: PredictOptions = {}): Prediction {
    requireFeatures(this, matrix);
    const { kind = 'value', iterationRange, strictShape = false } = options;
    if (iterationRange) requireRounds(this.rounds, ...iterationRange);
    const [begin, end] = iterationRange ?? [0, 0];
    const config = {
      type: PREDICTION_KINDS[kind],
      training: false,
      iteration_begin: begin,
      iteration_end: end,
      strict_shape: strictShape,
    };
    return copyPrediction((...out) =>
      this.#call('XGBoosterPredictFromDMatrix', matrix.address, JSON.stringify(config), ...out),
    );
  }

  /**
   * Predictions for rows that stay where they are, without a matrix (XGBoosterPredictFromDense, …FromCSR, …FromColumnar).
   * Copied.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT`, `XGBOOST_NOT_IN_THIS_VERSION` for columns before 2.1
   */
  predictInPlace(rows: Rows, options: InPlaceOptions = {}): Prediction {
    checkRows(rows);
    const { features } = this;
    const columns = columnCount(rows);
    if (features !== 0 && columns !== features) {
      const message = `The model has ${features} features and the rows ${columns} columns.`;
      throw new XgboostError('XGBOOST_BAD_ARGUMENT', message);
    }
    if (options.iterationRange) requireRounds(this.rounds, ...options.iterationRange);
    return predictInPlace(this.#handle.library, this.#handle.address, rows, options);
  }

  /** The model's bytes (XGBoosterSaveModelToBuffer). UBJSON, the default, loads ten times as fast as JSON. */
  save(format: 'ubj' | 'json' = 'ubj'): Uint8Array {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#call('XGBoosterSaveModelToBuffer', JSON.stringify({ format }), length, address);
    return copyBytes(address[0], Number(length[0]));
  }

  /**
   * Writes the model to a file: JSON where its name ends in `.json`, otherwise UBJSON. The file appears whole or not at all.
   */
  saveFile(path: string): void {
    const arriving = `${path}.${process.pid}.part`;
    try {
      writeFileSync(arriving, this.save(path.endsWith('.json') ? 'json' : 'ubj'));
      renameSync(arriving, path);
    } catch (error) {
      rmSync(arriving, { force: true });
      throw error;
    }
  }

  /**
   * A new model of the rounds [begin, end), or of the first of every `step` of them.
   * @throws XgboostError `XGBOOST_BAD_ARGUMENT` when there are no such rounds, or they are no multiple of the step.
   */
  slice(begin: number, end: number, step = 1): Booster {
    requireRounds(this.rounds, begin, end);
    checkCount('rounds of a step', step);
    if ((end - begin) % step !== 0)
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `${end - begin} rounds are no multiple of a step of ${step}.`,
      );
    const address: [bigint | null] = [null];
    this.#call('XGBoosterSlice', begin, end, step, address);
    return new Booster(this.#handle.library, address[0]);
  }

  /** How much each feature that was used counts; unused ones are absent (XGBoosterFeatureScore). */
  featureScores(type: ImportanceType): Map<string, number> {
    return featureScores(this.#handle.library, this.#handle.address, type);
  }

  /** Each tree as text (XGBoosterDumpModelEx). @param format default `text`; `statistics` adds gain and cover. */
  dump(options: { format?: 'text' | 'json' | 'dot'; statistics?: boolean } = {}): string[] {
    const [count, texts]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#call(
      'XGBoosterDumpModelEx',
      '',
      options.statistics ? 1 : 0,
      options.format ?? 'text',
      count,
      texts,
    );
    return readTexts(texts[0], Number(count[0]));
  }

  /** Every tree with its splits, in the order of the rounds (and within a round of the classes). */
  trees(): TreeNode[] {
    return this.dump({ format: 'json', statistics: true }).map(parseTree);
  }

  /** A text saved with the model under a name, or undefined. */
  getAttribute(name: string): string | undefined {
    const [text, isSet]: [[bigint | null], [number]] = [[null], [0]];
    this.#call('XGBoosterGetAttr', name, text, isSet);
    return isSet[0] === 1 ? readText(text[0]) : undefined;
  }

  /** Saves a text with the model; undefined removes it. */
  setAttribute(name: string, value: string | undefined): void {
    this.#call('XGBoosterSetAttr', name, value ?? null);
  }

  /** All texts saved with the model. */
  get attributes(): Record<string, string> {
    const [count, names]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#call('XGBoosterGetAttrNames', count, names);
    const sorted = readTexts(names[0], Number(count[0])).sort();
    return Object.fromEntries(sorted.map((name) => [name, this.getAttribute(name) ?? '']));
  }

  /**
   * Sets parameters for the rounds to come.
   * @throws XgboostError `XGBOOST_BAD_PARAMETER`, `XGBOOST_NOT_IN_THIS_VERSION`, `XGBOOST_NOT_IN_THIS_BUILD`; then none
   * was set.
   */
  setParameters(parameters: Parameters): void {
    this.#setTexts(parameterTexts(parameters));
  }

  /** Everything the library is set to, as it describes itself (XGBoosterSaveJsonConfig). */
  config(): Record<string, unknown> {
    const [length, text]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#call('XGBoosterSaveJsonConfig', length, text);
    return JSON.parse(readText(text[0])) as Record<string, unknown>;
  }

  /** Sets the library to what {@link config} gave of a model of the same shape and objective (XGBoosterLoadJsonConfig). */
  loadConfig(config: Readonly<Record<string, unknown>>): void {
    this.#call('XGBoosterLoadJsonConfig', configText(config));
  }

  /**
   * Makes the library forget the state of its samplers, which it keeps from round to round: under `seed_per_iteration`
   * a round's draws then depend on the seed and the round's number alone. Loading the configuration
   * (XGBoosterLoadJsonConfig) makes the tree updaters anew, and with them their column samplers.
   * @param metrics the parameter `eval_metric` of this training, since version 1.7 writes down wrong metrics.
   */
  renewSamplers(metrics?: Parameters['eval_metric']): void {
    const config = this.config() as { learner: { metrics: unknown[] } };
    if (this.#handle.library.version.major < 2) config.learner.metrics = [];
    this.loadConfig(config);
    this.setParameters({ eval_metric: metrics });
  }

  /** Rounds of boosting the model holds. */
  get rounds(): number {
    const rounds: [number] = [0];
    this.#call('XGBoosterBoostedRounds', rounds);
    return rounds[0];
  }

  /** Features the model was made for. */
  get features(): number {
    const count: [number | bigint] = [0];
    this.#call('XGBoosterGetNumFeature', count);
    return Number(count[0]);
  }

  /** The features' names, or undefined. */
  get featureNames(): string[] | undefined {
    return this.#names('feature_name');
  }

  set featureNames(names: readonly string[]) {
    this.#setNames('feature_name', names);
  }

  /** The features' types, or undefined. */
  get featureTypes(): FeatureType[] | undefined {
    return this.#names('feature_type') as FeatureType[] | undefined;
  }

  set featureTypes(types: readonly FeatureType[]) {
    this.#setNames('feature_type', types);
  }

  /** Frees the model. May be called again. */
  dispose(): void {
    this.#handle.dispose();
  }

  /** The same at the end of a block, for a variable declared with `using`. */
  [Symbol.dispose](): void {
    this.dispose();
  }

  #call<Name extends BoosterFunction>(name: Name, ...values: AfterHandle<Name>): void {
    const call = this.#handle.library.call.bind(this.#handle.library) as (
      name: string,
      ...all: unknown[]
    ) => void;
    call(name, this.#handle.address, ...values);
  }

  #disposedUnless(setUp: () => void): this {
    try {
      setUp();
      return this;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  #setTexts(texts: readonly [string, string][]): void {
    requireVersion(texts, this.#handle.library);
    requireDevice(texts, this.#handle.library);
    for (const [name, text] of texts) this.#call('XGBoosterSetParam', name, text);
  }

  /** The first matrix a model meets gives it its features' names and types, as in the library's Python package. */
  #adoptFeatures(matrix: DMatrix): void {
    const { featureNames, featureTypes } = matrix;
    if (featureNames && !this.featureNames) this.#setNames('feature_name', featureNames);
    if (featureTypes && !this.featureTypes) this.#setNames('feature_type', featureTypes);
  }

  #names(field: string): string[] | undefined {
    const [length, address]: [[number | bigint], [bigint | null]] = [[0], [null]];
    this.#call('XGBoosterGetStrFeatureInfo', field, length, address);
    return Number(length[0]) === 0 ? undefined : readTexts(address[0], Number(length[0]));
  }

  #setNames(field: string, names: readonly string[]): void {
    const { features } = this;
    if (features !== 0 && names.length !== features) {
      throw new XgboostError(
        'XGBOOST_BAD_ARGUMENT',
        `${names.length} names were given for ${features} features.`,
      );
    }
    this.#call('XGBoosterSetStrFeatureInfo', field, [...names], names.length);
  }
}

type BoosterFunction = Extract<FunctionName, `XGBooster${string}`>;
type AfterHandle<Name extends FunctionName> =
  ArgumentsOf<Name> extends [unknown, ...infer Rest extends unknown[]] ? Rest : never;

const addressesOf = (matrices: readonly DMatrix[]) =>
  BigUint64Array.from(matrices, (matrix) => requireMatrix(matrix).address);
