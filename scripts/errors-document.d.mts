import type { errorCatalogue, uploadProblemCatalogue } from '@kaefer/contracts/messages';

/** docs/errors.md as the catalogues of @kaefer/contracts have it. */
export function errorsDocument(
  errors: typeof errorCatalogue,
  findings: typeof uploadProblemCatalogue,
): string;
