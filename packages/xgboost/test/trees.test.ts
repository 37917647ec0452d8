import { expect, test } from 'vitest';
import { DMatrix, train, type TreeNode, type TreeSplit } from '../src/index.ts';
import { parseTree } from '../src/trees.ts';
import { randomTable } from './random-table.ts';

const names = ['colour', 'shop', 'torque', 'heat'];

function goesYes({ feature, condition, missing }: TreeSplit, row: Float32Array): boolean {
  const value = row[names.indexOf(feature)] as number;
  if (Number.isNaN(value)) return missing === 'yes';
  if (condition === 'isTrue') return value !== 0;
  return 'below' in condition ? value < condition.below : condition.among.includes(value);
}

function leafOf(node: TreeNode, row: Float32Array): number {
  return 'leaf' in node ? node.id : leafOf(goesYes(node, row) ? node.yes : node.no, row);
}

test('trees lead every row to the leaf that the library gives, with numbers, categories and missing values', async () => {
  const table = randomTable({
    rows: 400,
    columns: 4,
    missing: 0.2,
    seed: 12,
    classes: 3,
    categoryColumns: 2,
  });
  const matrix = DMatrix.fromDense(table.data, table, {
    labels: table.labels,
    featureNames: names,
    featureTypes: ['c', 'c', 'q', 'q'],
  });
  const { booster } = await train(
    { objective: 'multi:softprob', num_class: 3, max_depth: 4, tree_method: 'hist', max_cat_to_onehot: 3 },
    matrix,
    { rounds: 4 },
  );
  const trees = booster.trees();
  expect(trees).toHaveLength(12);
  const { values } = booster.predict(matrix, { kind: 'leaf' });
  for (let row = 0; row < table.rows; row++) {
    const cells = table.data.subarray(row * 4, row * 4 + 4);
    const leaves = trees.map((tree) => leafOf(tree, cells));
    expect(leaves).toEqual([...values.subarray(row * 12, row * 12 + 12)]);
  }
  const kinds = new Set<string>();
  const visit = (node: TreeNode): void => {
    expect(node.cover).toBeGreaterThan(0);
    if ('leaf' in node) return;
    kinds.add(node.condition === 'isTrue' ? 'isTrue' : Object.keys(node.condition).join());
    expect(node.gain).toBeGreaterThan(0);
    visit(node.yes);
    visit(node.no);
  };
  trees.forEach(visit);
  expect([...kinds].sort()).toEqual(['among', 'below']);
  booster.dispose();
  matrix.dispose();
});

test('a dump that is none is refused', () => {
  expect(() => parseTree('{"nodeid":0}')).toThrow('neither a split nor a leaf');
  expect(() => parseTree('{"nodeid":0,"split":"a","yes":1,"no":2,"children":[]}')).toThrow('no child 1');
});
