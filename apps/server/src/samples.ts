import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, type ProjectFolder } from '@kaefer/pipeline';

/** A file that lies ready in a project to be tried. */
export interface Sample {
  readonly filename: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export function samplePaths(folder: ProjectFolder): { readonly file: string; readonly description: string } {
  return { file: join(folder.path, 'sample.csv'), description: join(folder.path, 'sample.json') };
}

export function readSample(folder: ProjectFolder): Sample | undefined {
  const { file, description } = samplePaths(folder);
  return existsSync(file) ? readJson<Sample>(description) : undefined;
}
