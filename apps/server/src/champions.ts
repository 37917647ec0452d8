import { KaeferError } from '@kaefer/contracts';
import { ServedModel, type ProjectFolder, type ProjectRecord } from '@kaefer/pipeline';

/**
 * The models that answer now, one a project, in memory. A request takes its model once and keeps it, so that a
 * change between two requests mixes nothing.
 */
export class Champions {
  readonly #folder: (project: string) => ProjectFolder;
  readonly #models = new Map<string, ServedModel>();

  constructor(folder: (project: string) => ProjectFolder) {
    this.#folder = folder;
  }

  /** @throws KaeferError `no_champion` */
  get({ definition, champion }: ProjectRecord): ServedModel {
    if (champion === null) throw new KaeferError('no_champion');
    const loaded = this.#models.get(definition.id);
    if (loaded?.card.version === champion) return loaded;
    const model = ServedModel.load(this.#folder(definition.id).model(champion), champion);
    this.#models.set(definition.id, model);
    return model;
  }
}
