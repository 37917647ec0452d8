/** The one error of this package. */
export class FactoryError extends Error {
  readonly code = 'factory_invalid_argument';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FactoryError';
  }
}
