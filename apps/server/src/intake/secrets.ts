import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KaeferError } from '@kaefer/contracts';

const prefix = 'KAFER_SECRET_';

/**
 * Secrets that the operator of the server keeps for feeds, by name: `plant_api` is the variable `KAFER_SECRET_PLANT_API`,
 * or else the file `plant_api` in the folder KAFER_SECRETS_DIR. Projects know names only, so no secret comes into the
 * database, the lake, an answer or the log, and no other variable or file can be asked for.
 */
export class Secrets {
  readonly #variables: ReadonlyMap<string, string>;
  readonly #folder: string | null;

  constructor(env: Readonly<Record<string, string | undefined>>, folder: string | null) {
    this.#variables = new Map(
      Object.entries(env).flatMap(([name, value]) =>
        name.startsWith(prefix) && value !== undefined && value !== ''
          ? [[name.slice(prefix.length).toLowerCase(), value] as const]
          : [],
      ),
    );
    this.#folder = folder;
  }

  /**
   * A secret as it is now: a file is read anew each time.
   *
   * @throws KaeferError `feed_secret_missing`
   */
  get(name: string): string {
    const value = this.#variables.get(name) ?? this.#fromFile(name);
    if (value === undefined || value === '')
      throw new KaeferError('feed_secret_missing', {
        secret: name,
        variable: `${prefix}${name.toUpperCase()}`,
      });
    return value;
  }

  #fromFile(name: string): string | undefined {
    if (this.#folder === null || !/^[a-z][a-z0-9_]{0,39}$/.test(name)) return undefined;
    try {
      return readFileSync(join(this.#folder, name), 'utf8').replace(/\r?\n$/, '');
    } catch {
      return undefined;
    }
  }
}
