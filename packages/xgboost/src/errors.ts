/** Every code, and what it means. The README repeats this table, and a test compares the two. */
export const XGBOOST_ERRORS = {
  XGBOOST_LIBRARY_NOT_FOUND: 'No shared library was found.',
  XGBOOST_LIBRARY_UNUSABLE: 'A shared library was found, but it could not be loaded or is too old.',
  XGBOOST_LIBRARY_ALREADY_LOADED:
    'Another library was asked for after one had been loaded into this process.',
  XGBOOST_NOT_IN_THIS_VERSION:
    'The loaded version of the library lacks the function, parameter, objective or metric.',
  XGBOOST_NOT_IN_THIS_BUILD: 'The loaded library was built without support for what was asked, such as GPUs.',
  XGBOOST_CALL_FAILED: 'The library refused; the message is its own.',
  XGBOOST_DISPOSED: 'A matrix or model was used after dispose().',
  XGBOOST_BAD_ARGUMENT: 'A length, shape, index or name does not fit.',
  XGBOOST_BAD_PARAMETER: 'A training parameter is unknown or out of its range.',
  XGBOOST_BAD_MODEL: 'Bytes are not a model, or a damaged one.',
  XGBOOST_MODEL_UNSUPPORTED:
    'The model is valid, but of a kind the scorer does not compute, or of a newer version than the library.',
  XGBOOST_NO_MEMORY: 'Shared memory was asked for that the system does not have.',
  XGBOOST_TRAINER_CANCELLED: 'A training in a process of its own was cancelled.',
  XGBOOST_TRAINER_DIED: 'The process of a training could not be started, or ended before its result.',
} as const;

/** What went wrong, for programs; the message is for people. */
export type XgboostErrorCode = keyof typeof XGBOOST_ERRORS;

/** The one error class of this package. */
export class XgboostError extends Error {
  override readonly name = 'XgboostError';
  readonly code: XgboostErrorCode;

  constructor(code: XgboostErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
