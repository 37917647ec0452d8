import { XgboostError } from './errors.ts';

/** A node of a tree, as the library's JSON dump has it. */
export type TreeNode = TreeSplit | TreeLeaf;

export interface TreeLeaf {
  readonly id: number;
  /** What a row that ends here adds to the margin. */
  readonly leaf: number;
  /** Sum of hessians of the training rows that came by. */
  readonly cover: number;
}

export interface TreeSplit {
  readonly id: number;
  /** Name of the column, or `f` and its number. */
  readonly feature: string;
  /** What sends a row to `yes`: a value below `below`, a category among `among`, or, of an indicator, being true. */
  readonly condition: { readonly below: number } | { readonly among: readonly number[] } | 'isTrue';
  readonly yes: TreeNode;
  readonly no: TreeNode;
  /** Where a missing value goes. */
  readonly missing: 'yes' | 'no';
  readonly gain: number;
  /** Sum of hessians of the training rows that came by. */
  readonly cover: number;
}

interface DumpedNode {
  readonly nodeid: number;
  readonly leaf?: number;
  readonly split?: string;
  readonly split_condition?: number | readonly number[];
  readonly yes?: number;
  readonly no?: number;
  readonly missing?: number;
  readonly gain?: number;
  readonly cover?: number;
  readonly children?: readonly DumpedNode[];
}

/** Reads one tree of a dump in JSON with statistics. @throws XgboostError `XGBOOST_BAD_MODEL` */
export function parseTree(text: string): TreeNode {
  return nodeOf(JSON.parse(text) as DumpedNode);
}

function nodeOf(node: DumpedNode): TreeNode {
  const { nodeid: id, leaf, split, split_condition: condition, yes, no, missing, gain = 0, cover = 0 } = node;
  if (leaf !== undefined) return { id, leaf, cover };
  if (split === undefined || yes === undefined)
    throw new XgboostError('XGBOOST_BAD_MODEL', `Node ${id} of the dump is neither a split nor a leaf.`);
  const child = (wanted: number | undefined): TreeNode => {
    const found = node.children?.find(({ nodeid }) => nodeid === wanted);
    if (found !== undefined) return nodeOf(found);
    throw new XgboostError('XGBOOST_BAD_MODEL', `Node ${id} of the dump has no child ${wanted}.`);
  };
  return {
    id,
    feature: split,
    condition: conditionOf(condition),
    yes: child(yes),
    no: child(no),
    // An indicator's missing values go where false ones go, and the dump does not say so.
    missing: missing === yes ? 'yes' : 'no',
    gain,
    cover,
  };
}

function conditionOf(condition: DumpedNode['split_condition']): TreeSplit['condition'] {
  if (condition === undefined) return 'isTrue';
  // Written with the digits of a float32, which may name a neighbouring float64.
  return typeof condition === 'number' ? { below: Math.fround(condition) } : { among: condition };
}
