import type { MetadataAction, ProtocolAction } from './actions.ts';
import { DeltaError } from './delta-error.ts';
import { mayPartition } from './partitions.ts';
import { isDeltaType } from './schema.ts';

/** What a new table asks of others: the lowest protocol that has all we use. */
export const writtenProtocol: ProtocolAction = { minReaderVersion: 1, minWriterVersion: 2 };

const vectorFeature = 'deletionVectors';
const supportedReaderFeatures: readonly string[] = [vectorFeature];
const supportedWriterFeatures: readonly string[] = ['appendOnly', 'invariants', vectorFeature];

/** The table property by which deletion vectors are written. */
export const vectorProperty = 'delta.enableDeletionVectors';

/** The protocol of a table that may have deletion vectors, with the features that its protocol stands for now. */
export function withVectors({ minWriterVersion, ...protocol }: ProtocolAction): ProtocolAction {
  const writerFeatures =
    protocol.writerFeatures ?? (minWriterVersion >= 2 ? ['appendOnly', 'invariants'] : []);
  const reader = new Set([...(protocol.readerFeatures ?? []), vectorFeature]);
  const writer = new Set([...writerFeatures, vectorFeature]);
  return {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: [...reader],
    writerFeatures: [...writer],
  };
}

/** Whether changes may mark rows as deleted instead of writing their files anew. */
export const writesVectors = (protocol: ProtocolAction, metadata: MetadataAction): boolean =>
  metadata.configuration[vectorProperty] === 'true' &&
  (protocol.writerFeatures ?? []).includes(vectorFeature) &&
  (protocol.readerFeatures ?? []).includes(vectorFeature);

/** Features that a writer version stands for, where the protocol names none (PROTOCOL.md, "Valid Feature Names"). */
const featuresOfWriterVersion: readonly (readonly [number, readonly string[]])[] = [
  [3, ['checkConstraints']],
  [4, ['changeDataFeed', 'generatedColumns']],
  [5, ['columnMapping']],
  [6, ['identityColumns']],
];

const lackingReaderFeatures = (protocol: ProtocolAction, metadata: MetadataAction): string[] => {
  if (protocol.minReaderVersion <= 1) return [];
  const mode = metadata.configuration['delta.columnMapping.mode'] ?? 'none';
  if (protocol.minReaderVersion === 2) return mode === 'none' ? [] : ['columnMapping'];
  if (protocol.minReaderVersion > 3) return [`reader version ${protocol.minReaderVersion}`];
  return (protocol.readerFeatures ?? []).filter((name) => !supportedReaderFeatures.includes(name));
};

const lackingWriterFeatures = ({ minWriterVersion, writerFeatures }: ProtocolAction): string[] => {
  if (minWriterVersion <= 2) return [];
  if (minWriterVersion > 7) return [`writer version ${minWriterVersion}`];
  if (minWriterVersion === 7)
    return (writerFeatures ?? []).filter((name) => !supportedWriterFeatures.includes(name));
  return featuresOfWriterVersion.flatMap(([version, names]) => (version <= minWriterVersion ? names : []));
};

const refuse = (action: string, features: readonly string[]): void => {
  if (features.length === 0) return;
  throw new DeltaError(
    'unsupported_feature',
    `The table cannot be ${action}: it needs ${features.join(', ')}, which this package does not support.`,
  );
};

/** Throws `unsupported_feature`, naming what the table needs that this reader lacks. */
export function checkReadable(protocol: ProtocolAction, metadata: MetadataAction): void {
  const lacking = lackingReaderFeatures(protocol, metadata);
  if (metadata.format.provider !== 'parquet') lacking.push(`the file format '${metadata.format.provider}'`);
  const { fields } = JSON.parse(metadata.schemaString) as { fields: { name: string; type: unknown }[] };
  for (const { name, type } of fields)
    if (metadata.partitionColumns.includes(name) && !(isDeltaType(type) && mayPartition(type)))
      lacking.push(`the partition column '${name}' of type ${typeof type === 'string' ? type : 'struct'}`);
  refuse('read', lacking);
}

/** Throws `unsupported_feature`, naming what the table asks of writers that this one lacks. */
export function checkWritable(protocol: ProtocolAction, metadata: MetadataAction): void {
  const lacking = lackingWriterFeatures(protocol);
  const { fields } = JSON.parse(metadata.schemaString) as {
    fields: { name: string; metadata?: Record<string, unknown> }[];
  };
  for (const { name, metadata: extra } of fields)
    if (extra && 'delta.invariants' in extra) lacking.push(`the invariant on column '${name}'`);
  refuse('written', lacking);
}
