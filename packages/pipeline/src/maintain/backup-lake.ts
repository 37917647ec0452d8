import { constants, renameSync, statSync, utimesSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { syncFile, syncFolder } from '../lake/durable.ts';
import { lakeOf, peopleOf, ProjectFolder } from '../lake/layout.ts';
import { projectsInLake } from './rebuild-database.ts';
import { filesBelow } from './verify-files.ts';

export interface Backup {
  readonly projects: number;
  /** Files that the destination did not have as they are now. */
  readonly copied: number;
  readonly bytes: number;
  readonly unchanged: number;
}

/**
 * Copies a lake while a server may be writing to it. What refers comes before what it refers to, and files of the lake
 * are not changed once others refer to them, so that the copy is whole: decisions, settings, runs, models, the table's log, uploads,
 * data files. Done again to the same place it copies what is new.
 *
 * @param destination a data folder for Käfer: started on it, the server rebuilds the database
 */
export async function backupLake(dataFolder: string, destination: string): Promise<Backup> {
  const lake = lakeOf(dataFolder);
  const projects = projectsInLake(lake);
  const count = { copied: 0, bytes: 0, unchanged: 0 };
  const copy = async (file: string): Promise<void> => {
    const bytes = await copyIfChanged(file, join(destination, relative(dataFolder, file)));
    if (bytes === undefined) count.unchanged++;
    else {
      count.copied++;
      count.bytes += bytes;
    }
  };
  for (const file of filesBelow(peopleOf(lake))) await copy(file);
  for (const project of projects) {
    const folder = new ProjectFolder(lake, project);
    // The training table says which files of the sources it holds, so its log comes first.
    const tables = [folder.table, ...folder.sourceNames().map((name) => folder.source(name).table)];
    const logs = tables.map((table) => join(table, '_delta_log'));
    const inOrder = [
      folder.decisions,
      folder.proposals,
      folder.settings,
      folder.runs,
      folder.models,
      ...logs.flatMap((log) => [join(log, '_last_checkpoint'), log]),
      folder.uploads,
      folder.path,
    ];
    const done = new Set<string>();
    for (const place of inOrder) {
      for (const file of filesBelow(place)) {
        if (done.has(file)) continue;
        done.add(file);
        await copy(file);
      }
    }
  }
  return { projects: projects.length, ...count };
}

/** @returns bytes copied; undefined when the copy is there, or the file was thrown away meanwhile */
async function copyIfChanged(from: string, to: string): Promise<number | undefined> {
  const source = statSync(from, { throwIfNoEntry: false });
  const copy = statSync(to, { throwIfNoEntry: false });
  if (source === undefined) return undefined;
  const isSame = copy?.size === source.size && Math.abs(copy.mtimeMs - source.mtimeMs) < 1;
  if (isSame) return undefined;
  await mkdir(dirname(to), { recursive: true });
  const arriving = `${to}.part`;
  await copyFile(from, arriving, constants.COPYFILE_FICLONE);
  utimesSync(arriving, source.atime, source.mtime);
  syncFile(arriving);
  renameSync(arriving, to);
  syncFolder(dirname(to));
  return source.size;
}
