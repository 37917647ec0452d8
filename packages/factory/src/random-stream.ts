/**
 * A small seeded generator (sfc32, seeded through splitmix32). The same seeds give the same stream on every
 * machine. For simulations, not for secrets.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed,@param stream two numbers of which the lower 32 bits count; each pair is a stream of its own */
  constructor(seed: number, stream: number) {
    let state = (Math.imul(seed, 0x2545f491) ^ Math.imul(stream + 1, 0x9e3779b1)) >>> 0;
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
    for (let i = 0; i < 12; i++) this.fraction();
  }

  /** A number in the open interval (0, 1). */
  fraction(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return ((result >>> 0) + 0.5) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Normal, cut at four standard deviations: what a sensor shows stays physically possible. */
  normal(mean: number, deviation: number): number {
    const standard = Math.sqrt(-2 * Math.log(this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
    return mean + deviation * Math.min(4, Math.max(-4, standard));
  }

  /** Positive with the given mean and shape; a smaller shape has a longer tail. Whole shapes only (Erlang). */
  gamma(mean: number, shape: number): number {
    let sum = 0;
    for (let i = 0; i < shape; i++) sum -= Math.log(this.fraction());
    return (mean * sum) / shape;
  }

  /** Poisson, by Knuth's product of uniforms; for small means. */
  count(mean: number): number {
    const limit = Math.exp(-mean);
    let events = 0;
    for (let product = this.fraction(); product > limit; product *= this.fraction()) events++;
    return events;
  }

  /** One of the names, in proportion to their weights. */
  pick<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as Name[];
    let left = this.fraction() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return names.at(-1)!;
  }
}
