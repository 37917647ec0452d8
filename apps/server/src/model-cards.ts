import { KaeferError } from '@kaefer/contracts';
import { readCard, type ModelCard, type ProjectFolder } from '@kaefer/pipeline';

const mostCards = 200;

/** Model cards as read from the lake; they never change, so the last ones read are kept. */
export class ModelCards {
  readonly #folder: (project: string) => ProjectFolder;
  readonly #cards = new Map<string, ModelCard>();

  constructor(folder: (project: string) => ProjectFolder) {
    this.#folder = folder;
  }

  /** @throws KaeferError `model_not_found` */
  get(project: string, version: number): ModelCard {
    const name = `${project}/${version}`;
    const card = this.#cards.get(name) ?? readCard(this.#folder(project).model(version));
    if (card === undefined) throw new KaeferError('model_not_found', { version });
    this.#cards.delete(name);
    this.#cards.set(name, card);
    const [oldest] = this.#cards.keys();
    if (this.#cards.size > mostCards && oldest !== undefined) this.#cards.delete(oldest);
    return card;
  }
}
