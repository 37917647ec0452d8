/** What went wrong, for programs; the message is for people. The README's table lists them all. */
export type XgboostErrorCode =
  /** No shared library was found. */
  | 'XGBOOST_LIBRARY_NOT_FOUND'
  /** A shared library was found, but it could not be loaded or is too old. */
  | 'XGBOOST_LIBRARY_UNUSABLE'
  /** Another library was asked for after one had been loaded into this process. */
  | 'XGBOOST_LIBRARY_ALREADY_LOADED'
  /** The loaded version of the library lacks the function. */
  | 'XGBOOST_NOT_IN_THIS_VERSION'
  /** The library refused; the message is its own. */
  | 'XGBOOST_CALL_FAILED'
  /** A handle was used after dispose(). */
  | 'XGBOOST_DISPOSED'
  /** A length, shape, index or name does not fit. */
  | 'XGBOOST_BAD_ARGUMENT'
  /** A training parameter is unknown or out of its range. */
  | 'XGBOOST_BAD_PARAMETER'
  /** Bytes are not a model, or a damaged one. */
  | 'XGBOOST_BAD_MODEL'
  /** The model is valid, but of a kind that the scorer does not compute. */
  | 'XGBOOST_MODEL_UNSUPPORTED';

/** The one error class of this package. */
export class XgboostError extends Error {
  override readonly name = 'XgboostError';
  readonly code: XgboostErrorCode;

  constructor(code: XgboostErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
