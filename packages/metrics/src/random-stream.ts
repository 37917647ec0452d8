/**
 * A small seeded generator of random 32-bit numbers (sfc32 of PractRand, seeded through splitmix32). The same
 * seed gives the same stream on every machine. For simulations, not for secrets.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed any number; its lower 32 bits count */
  constructor(seed: number) {
    let state = seed >>> 0;
    const splitmix = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = splitmix();
    this.#b = splitmix();
    this.#c = splitmix();
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** A whole number in 0 … 2^32 − 1. */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** A number in the open interval (0, 1). */
  fraction(): number {
    return (this.uint32() + 0.5) / 2 ** 32;
  }

  /**
   * Draws as many rows as there are counts, with replacement, and writes how often each was drawn. The same as a call of
   * {@link uint32} a row, with the state kept out of the object meanwhile.
   */
  drawRows(counts: Uint16Array): void {
    const rows = counts.length;
    let a = this.#a;
    let b = this.#b;
    let c = this.#c;
    let counter = this.#counter;
    counts.fill(0);
    for (let i = 0; i < rows; i++) {
      const result = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + result) | 0;
      counts[Math.floor(((result >>> 0) / 2 ** 32) * rows)]!++;
    }
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#counter = counter;
  }
}
