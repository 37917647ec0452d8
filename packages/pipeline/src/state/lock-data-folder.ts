import { join } from 'node:path';
import Database from 'libsql';

/**
 * Takes a data folder for this process alone, until it is released or the process ends, however it ends.
 *
 * @returns what releases it; undefined while another process has it
 */
export function lockDataFolder(dataFolder: string): (() => void) | undefined {
  const lock = new Database(join(dataFolder, 'kaefer.lock'));
  try {
    lock.pragma('busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
    return () => {
      lock.exec('ROLLBACK');
      lock.close();
    };
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') return undefined;
    throw error;
  }
}
