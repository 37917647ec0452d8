import type { AddFile, MetadataAction, ProtocolAction } from './actions.ts';
import type { Field } from './schema.ts';

/** A table as one version has it. A value: it never changes, and holding one locks nothing. */
export interface Snapshot {
  readonly version: number;
  readonly schema: readonly Field[];
  /** Live files in the order in which the log added them. */
  readonly files: readonly AddFile[];
  readonly rowCount: number;
  /** The highest transaction version of each application. */
  readonly transactions: ReadonlyMap<string, number>;
  readonly metadata: MetadataAction;
  readonly protocol: ProtocolAction;
  /** When the version was committed. */
  readonly timestamp: Date;
}
