import { XgboostError } from '../errors.ts';
import type { NativeLibrary } from './native-library.ts';

/**
 * An object of the library that this side owns and frees exactly once, by {@link Handle.dispose} and never by the
 * garbage collector, which cannot see how much native memory a handle stands for.
 */
export class Handle {
  readonly library: NativeLibrary;
  #address: bigint | null;
  #what: string;
  #free: 'XGDMatrixFree' | 'XGBoosterFree';

  constructor(library: NativeLibrary, address: bigint | null, what: 'DMatrix' | 'Booster') {
    this.library = library;
    this.#address = address;
    this.#what = what;
    this.#free = what === 'DMatrix' ? 'XGDMatrixFree' : 'XGBoosterFree';
  }

  /** @throws XgboostError `XGBOOST_DISPOSED` */
  get address(): bigint {
    if (this.#address === null) {
      throw new XgboostError('XGBOOST_DISPOSED', `This ${this.#what} was used after its dispose().`);
    }
    return this.#address;
  }

  get isDisposed(): boolean {
    return this.#address === null;
  }

  dispose(): void {
    if (this.#address === null) return;
    const address = this.#address;
    this.#address = null;
    this.library.call(this.#free, address);
  }
}
