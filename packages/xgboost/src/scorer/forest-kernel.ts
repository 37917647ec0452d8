/**
 * The inner loop of scoring many rows, as a WebAssembly module that is put together here, byte by byte: about 150 bytes,
 * without a compiler to install. Rows are independent of each other, so eight are walked down one tree side by side; what
 * a processor waits for in one is hidden behind the others. JavaScript's own checks of every array index are what this saves.
 *
 * Encoding: https://webassembly.github.io/spec/core/binary/
 */

/** Rows that one turn of the loop takes. */
export const rowsAtOnce = 8;

/** Bytes of a node: the place of its value in the block, its left child, its threshold (float32), its leaf (float32). */
export const nodeBytes = 16;
const [leftAt, thresholdAt, leafAt] = [4, 8, 12];

/**
 * Adds one tree's leaves to the margins of some rows. Addresses are in bytes.
 *
 * @param values of the first row in the block; a node names its column's distance from there
 * @param margins of the first row
 * @param rows a multiple of {@link rowsAtOnce}, not 0
 * @param root first node of the tree; a right child lies behind the left one, a leaf leads to itself
 * @param steps from 1: the depth of the tree
 */
export type ForestKernel = (
  values: number,
  margins: number,
  rows: number,
  root: number,
  steps: number,
) => void;

const i32 = 0x7f;
const op = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  loadInt: 0x28,
  loadFloat: 0x2a,
  storeFloat: 0x38,
  constant: 0x41,
  addInt: 0x6a,
  subtractInt: 0x6b,
  shiftLeft: 0x74,
  atLeast: 0x60,
  addFloat: 0x92,
} as const;
const noResult = 0x40;
const alignedTo4 = 2;

/** A whole number from 0 as LEB128. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, content: readonly number[]): number[] => [id, ...sized(content)];
const named = (name: string): number[] => sized([...new TextEncoder().encode(name)]);

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const [values, margins, rows, root, steps, step, firstNode] = [0, 1, 2, 3, 4, 5, 6] as const;
  const each = (code: (row: number) => number[]): number[] =>
    Array.from({ length: rowsAtOnce }, (_, row) => code(row)).flat();
  const get = (local: number): number[] => [op.get, local];
  const constant = (value: number): number[] => [op.constant, value]; // below 64, where signed is unsigned
  const at = (offset: number): number[] => [alignedTo4, ...unsigned(offset)];
  const node = (row: number): number => firstNode + row;
  const advance = (local: number, by: number): number[] => [
    ...get(local),
    ...constant(by),
    op.addInt,
    op.set,
    local,
  ];
  const countDown = (local: number, by: number): number[] => [
    ...get(local),
    ...constant(by),
    op.subtractInt,
    op.tee,
    local,
    op.branchIf,
    0,
  ];
  const oneStep = (row: number): number[] => [
    ...[...get(values), ...get(node(row)), op.loadInt, ...at(0), op.addInt, op.loadFloat, ...at(4 * row)],
    ...[...get(node(row)), op.loadFloat, ...at(thresholdAt), op.atLeast],
    ...[...constant(Math.log2(nodeBytes)), op.shiftLeft],
    ...[...get(node(row)), op.loadInt, ...at(leftAt), op.addInt, op.set, node(row)],
  ];
  const addLeaf = (row: number): number[] => [
    ...[...get(margins), ...get(margins), op.loadFloat, ...at(4 * row)],
    ...[...get(node(row)), op.loadFloat, ...at(leafAt), op.addFloat, op.storeFloat, ...at(4 * row)],
  ];
  const body = [
    ...[op.loop, noResult],
    ...each((row) => [...get(root), op.set, node(row)]),
    ...[...get(steps), op.set, step],
    ...[op.loop, noResult, ...each(oneStep), ...countDown(step, 1), op.end],
    ...each(addLeaf),
    ...[...advance(values, 4 * rowsAtOnce), ...advance(margins, 4 * rowsAtOnce)],
    ...[...countDown(rows, rowsAtOnce), op.end],
    op.end,
  ];
  const locals = [1, 1 + rowsAtOnce, i32];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(2, [1, ...named('x'), ...named('memory'), 0x02, 0x00, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('addTree'), 0x00, 0]),
    ...section(10, [1, ...sized([...locals, ...body])]),
  ]);
}

/** What is used of the global `WebAssembly`, which the types of Node do not describe. */
interface WebAssemblyUsed {
  readonly Memory: new (description: { readonly initial: number }) => KernelMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly x: { readonly memory: KernelMemory } },
  ) => { readonly exports: { readonly addTree: ForestKernel } };
}
const wasm = (globalThis as unknown as { readonly WebAssembly: WebAssemblyUsed }).WebAssembly;

export interface KernelMemory {
  readonly buffer: ArrayBuffer;
}

const pageBytes = 65_536;
let compiled: object | undefined;

/** A memory of at least so many bytes, and the loop over it. */
export function forestKernel(bytes: number): {
  readonly memory: KernelMemory;
  readonly addTree: ForestKernel;
} {
  compiled ??= new wasm.Module(moduleBytes());
  const memory = new wasm.Memory({ initial: Math.ceil(bytes / pageBytes) });
  return { memory, addTree: new wasm.Instance(compiled, { x: { memory } }).exports.addTree };
}
