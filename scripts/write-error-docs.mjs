// Writes docs/errors.md from the catalogues. A test fails when the two differ; run this after changing a message.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorCatalogue, uploadProblemCatalogue } from '../packages/contracts/dist/messages.js';
import { errorsDocument } from './errors-document.mjs';

writeFileSync(
  fileURLToPath(new URL('../docs/errors.md', import.meta.url)),
  errorsDocument(errorCatalogue, uploadProblemCatalogue),
);
