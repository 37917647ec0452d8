export { backupLake, type Backup } from './backup-lake.ts';
export { rebuildDatabase, projectsInLake } from './rebuild-database.ts';
export type { Damage } from './damage.ts';
export { verifyLake, type Verification } from './verify-lake.ts';
export { lockDataFolder } from '../state/lock-data-folder.ts';
