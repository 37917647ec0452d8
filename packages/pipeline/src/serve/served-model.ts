import { readFileSync } from 'node:fs';
import { Scorer } from '@kaefer/xgboost/scorer';
import type { Cell, Prediction } from '@kaefer/contracts';
import { KaeferError } from '@kaefer/contracts/messages';
import { Encoder } from '../features/encoder.ts';
import type { ModelFolder } from '../lake/layout.ts';
import { readCard, type ModelCard } from '../lake/model-card.ts';

/**
 * A model ready to answer: encoder and compiled trees in memory, no native library, no lock. Immutable, so that a
 * request keeps the model it began with while another is put in its place.
 */
export class ServedModel {
  readonly card: ModelCard;
  readonly #encoder: Encoder;
  readonly #scorer: Scorer;
  readonly #features: Float32Array;

  private constructor(card: ModelCard, scorer: Scorer) {
    this.card = card;
    this.#encoder = new Encoder(card.features);
    this.#scorer = scorer;
    this.#features = new Float32Array(card.features.length);
  }

  /** @throws KaeferError `model_not_found` */
  static load(folder: ModelFolder, version: number): ServedModel {
    const card = readCard(folder);
    if (card === undefined) throw new KaeferError('model_not_found', { version });
    return new ServedModel(card, Scorer.fromModel(readFileSync(folder.model)));
  }

  /**
   * Scores records, one after another.
   *
   * @throws KaeferError `column_never_seen` when no record has a needed column, `value_not_understood`
   */
  predict(records: readonly Readonly<Record<string, Cell>>[], explain: boolean): Prediction[] {
    const given = new Set(records.flatMap((record) => Object.keys(record)));
    return records.map((record, index) => this.predictOne(record, given, index + 1, explain));
  }

  /** Scores one record of a file whose columns are `given`. */
  predictOne(
    record: Readonly<Record<string, Cell>>,
    given: ReadonlySet<string>,
    row: number,
    explain: boolean,
  ): Prediction {
    const unseen = this.#encoder.encode(record, given, row, this.#features);
    const outputs = this.#scorer.predict(this.#features);
    return {
      ...this.#answer(outputs),
      ...(unseen.length === 0 ? {} : { unseen }),
      ...(explain ? { explanation: this.#explain(record, outputs) } : {}),
    };
  }

  #answer(outputs: Float32Array): Pick<Prediction, 'score' | 'label' | 'threshold' | 'scores'> {
    const { task, classes, threshold } = this.card;
    const score = outputs[0] ?? Number.NaN;
    switch (task) {
      case 'binary':
        return { score, label: (score >= (threshold ?? 0.5) ? classes[1] : classes[0]) ?? '', threshold };
      case 'multiclass': {
        const best = largest(outputs);
        const scores = Object.fromEntries(classes.map((name, index) => [name, outputs[index] ?? 0]));
        return { score: outputs[best] ?? Number.NaN, label: classes[best] ?? '', threshold: null, scores };
      }
      case 'regression':
        return { score, label: score, threshold: null };
    }
  }

  /** What each column did to the margin of the answer (for several classes: of the named one), the strongest first. */
  #explain(
    record: Readonly<Record<string, Cell>>,
    outputs: Float32Array,
  ): NonNullable<Prediction['explanation']> {
    const width = this.card.features.length + 1;
    const group = this.card.task === 'multiclass' ? largest(outputs) : 0;
    const contributions = this.#scorer
      .contributions(this.#features)
      .subarray(group * width, (group + 1) * width);
    const reasons = this.card.features
      .map(({ name }, index) => ({
        feature: name,
        value: record[name] ?? null,
        contribution: contributions[index] ?? 0,
      }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
    return { base: contributions[width - 1] ?? 0, reasons };
  }
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++)
    if ((values[index] ?? 0) > (values[best] ?? 0)) best = index;
  return best;
}
