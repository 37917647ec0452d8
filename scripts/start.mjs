// `npm start`: installs what is missing, builds what is out of date, starts Käfer. Quick when nothing is missing.
import { installPackages, requireNode } from './install.mjs';

requireNode();
installPackages();
const { ensureXgboostLibrary } = await import('../packages/xgboost/bin/xgboost-library.mjs');
try {
  const library = await ensureXgboostLibrary({ log: console.log });
  process.env.KAFER_XGBOOST_LIB = library.path;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const { buildAll } = await import('./build.mjs');
await buildAll();
await import('../apps/server/dist/main.js');
