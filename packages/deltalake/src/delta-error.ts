/** Stable codes of everything this package throws; README.md lists what each means. */
export const deltaErrorCodes = [
  'table_not_found',
  'table_exists',
  'version_not_found',
  'log_corrupt',
  'deletion_vector_corrupt',
  'unsupported_feature',
  'invalid_schema',
  'schema_mismatch',
  'data_file_missing',
  'null_in_required_column',
  'null_key',
  'duplicate_key',
  'time_zone_not_utc',
  'append_only',
  'commit_conflict',
  'invalid_argument',
  'storage_full',
  'storage_not_writable',
] as const;

export type DeltaErrorCode = (typeof deltaErrorCodes)[number];

/** The one error of this package. Branch on `code`, never on the message. */
export class DeltaError extends Error {
  override readonly name = 'DeltaError';
  readonly code: DeltaErrorCode;

  constructor(code: DeltaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
