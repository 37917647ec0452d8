import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, sha256OfFile, writeJsonDurably, type ProjectFolder } from '@kaefer/pipeline';

/** A file that lies ready in a project to be tried. */
export interface SampleFile {
  readonly path: string;
  readonly filename: string;
  readonly rows: number;
  readonly bytes: number;
}

interface Description {
  readonly files: readonly (Omit<SampleFile, 'path'> & {
    /** Below the project's folder. */
    readonly place: string;
    readonly sha256: string;
  })[];
}

const descriptionOf = ({ path }: ProjectFolder): string => join(path, 'sample.json');

/** Where the n-th example file of a project is to be written. */
export function samplePlace(folder: ProjectFolder, index: number): string {
  mkdirSync(folder.path, { recursive: true });
  return join(folder.path, index === 0 ? 'sample.csv' : `sample-${index + 1}.csv`);
}

/** Lets written files lie ready. */
export function describeSample(folder: ProjectFolder, files: readonly SampleFile[]): void {
  const description: Description = {
    files: files.map(({ path, ...file }) => ({
      ...file,
      place: path.slice(folder.path.length + 1),
      sha256: sha256OfFile(path),
    })),
  };
  writeJsonDurably(descriptionOf(folder), description);
}

/** The files that lie ready in a project; undefined when none do. */
export function readSample(folder: ProjectFolder): SampleFile[] | undefined {
  const description = readJson<Description | (Omit<SampleFile, 'path'> & { readonly files?: never })>(
    descriptionOf(folder),
  );
  if (description === undefined) return undefined;
  // Projects of before had one file, described by itself.
  const files = description.files ?? [{ ...description, place: 'sample.csv' }];
  const found = files.map(({ place, filename, rows, bytes }) => ({
    path: join(folder.path, place),
    filename,
    rows,
    bytes,
  }));
  return found.every(({ path }) => existsSync(path)) ? found : undefined;
}
