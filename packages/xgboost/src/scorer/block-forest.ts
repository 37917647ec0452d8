import { forestKernel, nodeBytes, rowsAtOnce, type ForestKernel } from './forest-kernel.ts';

/** Trees laid out for walking without branches; see `NumericForest`. */
export interface ForestLayout {
  /** Two numbers a node: its feature (or that plus the number of features), and its left child. */
  readonly links: Int32Array;
  readonly thresholds: Float32Array;
  readonly leaves: Float32Array;
  readonly roots: Int32Array;
  readonly groups: Int32Array;
  readonly depths: Int32Array;
}

/** A block's values and one tree's nodes shall stay in the fastest cache while all trees are walked. */
const blockBytes = 24 * 1024;
const [fewestRows, mostRows] = [4 * rowsAtOnce, 64 * rowsAtOnce];
const floatBytes = 4;

/** Computes the margins of many rows, block by block and in a block tree by tree, in WebAssembly. */
export class BlockForest {
  readonly #addTree: ForestKernel;
  readonly #roots: Int32Array;
  readonly #groups: Int32Array;
  readonly #steps: Int32Array;
  readonly #outputs: number;
  readonly #blockRows: number;
  /** Column-major, each feature twice: where a missing value counts as less than everything, and as more. */
  readonly #values: Float32Array;
  /** One after another for each group. */
  readonly #margins: Float32Array;

  /** @param outputs margins of a row */
  constructor(layout: ForestLayout, features: number, outputs: number) {
    const { links, thresholds, leaves, roots, groups, depths } = layout;
    const rows = Math.floor(blockBytes / (2 * floatBytes * Math.max(1, features)));
    this.#blockRows = Math.min(mostRows, Math.max(fewestRows, rows - (rows % rowsAtOnce)));
    this.#outputs = outputs;
    const nodes = thresholds.length;
    const valuesAt = nodes * nodeBytes;
    const values = 2 * features * this.#blockRows;
    const marginsAt = valuesAt + values * floatBytes;
    const margins = outputs * this.#blockRows;
    const bytes = marginsAt + margins * floatBytes;
    const { memory, addTree } = forestKernel(bytes);
    const ints = new Int32Array(memory.buffer, 0, nodes * 4);
    const floats = new Float32Array(memory.buffer, 0, nodes * 4);
    for (let node = 0; node < nodes; node++) {
      ints[4 * node] = valuesAt + (links[2 * node] as number) * this.#blockRows * floatBytes;
      ints[4 * node + 1] = (links[2 * node + 1] as number) * nodeBytes;
      floats[4 * node + 2] = thresholds[node] as number;
      floats[4 * node + 3] = leaves[node] as number;
    }
    this.#values = new Float32Array(memory.buffer, valuesAt, values);
    this.#margins = new Float32Array(memory.buffer, marginsAt, margins);
    this.#roots = roots.map((root) => root * nodeBytes);
    this.#groups = groups;
    this.#steps = depths.map((depth) => Math.max(1, depth));
    this.#addTree = addTree;
  }

  /**
   * @param columns one a feature, NaN for missing
   * @param base what each group starts from
   * @param out receives rows × groups values, row-major
   */
  margins(columns: readonly Float32Array[], rows: number, base: Float32Array, out: Float32Array): void {
    const outputs = this.#outputs;
    for (let start = 0; start < rows; start += this.#blockRows) {
      const count = Math.min(this.#blockRows, rows - start);
      this.#fill(columns, start, count);
      this.#walk(base, count);
      if (outputs === 1) {
        out.set(this.#margins.subarray(0, count), start);
        continue;
      }
      for (let group = 0; group < outputs; group++)
        for (let row = 0; row < count; row++)
          out[(start + row) * outputs + group] = this.#margins[group * this.#blockRows + row] as number;
    }
  }

  #fill(columns: readonly Float32Array[], start: number, count: number): void {
    const values = this.#values;
    const width = this.#blockRows;
    for (let place = 0; place < columns.length; place++) {
      const column = columns[place] as Float32Array;
      const low = place * width;
      const high = low + columns.length * width;
      for (let row = 0; row < count; row++) {
        const value = column[start + row] as number;
        const isMissing = value !== value;
        values[low + row] = isMissing ? -Infinity : value;
        values[high + row] = isMissing ? Infinity : value;
      }
    }
  }

  /** Rows of before that fill the last turn of the loop up are walked in vain. */
  #walk(base: Float32Array, count: number): void {
    const rows = Math.ceil(count / rowsAtOnce) * rowsAtOnce;
    const groupBytes = this.#blockRows * floatBytes;
    for (let group = 0; group < this.#outputs; group++)
      this.#margins.fill(base[group] as number, group * this.#blockRows, group * this.#blockRows + rows);
    const marginsAt = this.#margins.byteOffset;
    for (let tree = 0; tree < this.#roots.length; tree++)
      this.#addTree(
        0,
        marginsAt + (this.#groups[tree] as number) * groupBytes,
        rows,
        this.#roots[tree] as number,
        this.#steps[tree] as number,
      );
  }
}
