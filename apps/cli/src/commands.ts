import { createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import {
  ChampionAnswer,
  Comparison,
  Dataset,
  Decision,
  ModelSummary,
  Project,
  Reproduction,
  Run,
  Upload,
} from '@kaefer/contracts';
import { ClientError, type Client } from './client.ts';

const pollMs = 500;

/** What a command is given: its words after the name, and its options. */
export interface Call {
  readonly client: Client;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly print: (line: string) => void;
}

export interface Command {
  /** How it is written, for the help. */
  readonly usage: string;
  readonly summary: string;
  /** @returns the exit code */
  run(call: Call): Promise<number>;
}

/** The word at a place, or a complaint that names it. */
function word({ words }: Call, index: number, name: string): string {
  const value = words[index];
  if (value === undefined) throw new ClientError('usage', `${name} is missing.`);
  return value;
}

function versionWord(call: Call, index: number): number {
  const text = word(call, index, 'VERSION');
  if (!/^\d+$/.test(text)) throw new ClientError('usage', `VERSION must be a whole number, not “${text}”.`);
  return Number(text);
}

const at = (project: string): string => `/projects/${encodeURIComponent(project)}`;

export const commands: Readonly<Record<string, Command>> = {
  projects: {
    usage: 'projects',
    summary: 'list the projects, their model in production and their rows',
    async run({ client, print }) {
      const { items } = await client.json(z.object({ items: z.array(Project) }), 'GET', '/projects');
      for (const { id, name, champion, dataset } of items)
        print(`${id}\t${name}\tmodel ${champion ?? '–'}\t${dataset.rows} rows`);
      return 0;
    },
  },
  upload: {
    usage: 'upload PROJECT FILE',
    summary: 'send a CSV file and print what was found in it',
    async run(call) {
      const [project, file] = [word(call, 0, 'PROJECT'), word(call, 1, 'FILE')];
      const response = await call.client.upload(
        `${at(project)}/uploads?filename=${encodeURIComponent(basename(file))}`,
        file,
      );
      const upload = Upload.parse(await response.json());
      const { total, new: added, updated, unchanged, rejected } = upload.rows;
      call.print(
        `${upload.id}\t${upload.status}\t${total} rows: ${added} new, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected`,
      );
      for (const { severity, message, column, line, count } of upload.problems) {
        call.print(
          `  ${severity}${column === undefined ? '' : ` ${column}`}${line === undefined ? '' : `, line ${line}`} (${count}): ${message}`,
        );
      }
      return upload.status === 'valid' ? 0 : 1;
    },
  },
  run: {
    usage: 'run PROJECT [UPLOAD…] [--mode full|incremental]',
    summary: 'merge uploads, retrain and wait for the results',
    async run(call) {
      const [project, ...uploads] = [word(call, 0, 'PROJECT'), ...call.words.slice(1)];
      let run = await call.client.json(Run, 'POST', `${at(project)}/runs`, {
        uploads,
        mode: call.options['mode'] ?? 'full',
      });
      for (
        let told = '';
        run.status === 'queued' || run.status === 'running';
        run = await call.client.json(Run, 'GET', `/runs/${run.id}`)
      ) {
        if (run.stage !== told) call.print(`${run.id}\t${run.stage}`);
        told = run.stage;
        await wait(pollMs);
      }
      call.print(`${run.id}\t${run.status}${run.error === null ? '' : `\t${run.error.detail}`}`);
      if (run.status !== 'awaiting_decision') return 1;
      const { verdict } = await call.client.json(Comparison, 'GET', `/runs/${run.id}/comparison`);
      call.print(verdict.sentence);
      return 0;
    },
  },
  decide: {
    usage: 'decide RUN candidate|current [--note TEXT]',
    summary: 'choose the model that goes on',
    async run(call) {
      const note = call.options['note'];
      const body = {
        choice: word(call, 1, 'candidate or current'),
        ...(typeof note === 'string' ? { note } : {}),
      };
      const { champion } = await call.client.json(
        Decision,
        'POST',
        `/runs/${word(call, 0, 'RUN')}/decision`,
        body,
      );
      call.print(`model ${champion} is in production`);
      return 0;
    },
  },
  models: {
    usage: 'models PROJECT',
    summary: 'list every model, newest first',
    async run(call) {
      const { items } = await call.client.json(
        z.object({ items: z.array(ModelSummary) }),
        'GET',
        `${at(word(call, 0, 'PROJECT'))}/models`,
      );
      for (const { version, champion, mode, datasetVersion, createdAt } of items) {
        call.print(`${version}${champion ? ' *' : ''}\t${mode}\tdata ${datasetVersion}\t${createdAt}`);
      }
      return 0;
    },
  },
  use: {
    usage: 'use PROJECT VERSION [--note TEXT]',
    summary: 'put any model into production',
    async run(call) {
      const note = call.options['note'];
      const body = { version: versionWord(call, 1), ...(typeof note === 'string' ? { note } : {}) };
      const { champion } = await call.client.json(
        ChampionAnswer,
        'PUT',
        `${at(word(call, 0, 'PROJECT'))}/champion`,
        body,
      );
      call.print(`model ${champion} is in production`);
      return 0;
    },
  },
  reproduce: {
    usage: 'reproduce PROJECT VERSION',
    summary: 'train a model again from its card and compare the bytes',
    async run(call) {
      const path = `${at(word(call, 0, 'PROJECT'))}/models/${versionWord(call, 1)}/reproduce`;
      const { identical, sha256, expectedSha256 } = await call.client.json(Reproduction, 'POST', path);
      call.print(identical ? `identical\t${sha256}` : `different\t${sha256}, expected ${expectedSha256}`);
      return identical ? 0 : 1;
    },
  },
  dataset: {
    usage: 'dataset PROJECT',
    summary: "list the data's versions, newest first",
    async run(call) {
      const { history } = await call.client.json(Dataset, 'GET', `${at(word(call, 0, 'PROJECT'))}/dataset`);
      for (const { version, at: when, operation, rows, upload } of history)
        call.print(`${version}\t${when}\t${operation}\t${rows} rows\t${upload?.filename ?? ''}`);
      return 0;
    },
  },
  export: {
    usage: 'export PROJECT FILE [--version N]',
    summary: 'write the data, as a version had it, to a CSV file',
    async run(call) {
      const version = call.options['version'];
      const query = typeof version === 'string' ? `?version=${encodeURIComponent(version)}` : '';
      const response = await call.client.download(`${at(word(call, 0, 'PROJECT'))}/dataset.csv${query}`);
      if (response.body !== null)
        await pipeline(
          Readable.fromWeb(response.body as WebStream),
          createWriteStream(word(call, 1, 'FILE')),
        );
      return 0;
    },
  },
};
