export type MetricsErrorCode =
  'metrics_empty_input' | 'metrics_length_mismatch' | 'metrics_invalid_value' | 'metrics_invalid_argument';

/** The one error of this package. `code` is stable; the message says what was seen and what is expected. */
export class MetricsError extends Error {
  readonly code: MetricsErrorCode;

  constructor(code: MetricsErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MetricsError';
    this.code = code;
  }
}
