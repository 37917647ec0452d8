import { access, constants, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import {
  Candidates,
  ChampionAnswer,
  Comparison,
  Dataset,
  Decision,
  RunMode,
  ModelSummary,
  PendingDecision,
  Project,
  Reproduction,
  Run,
  UndoAnswer,
  UndoPlan,
  Upload,
} from '@kaefer/contracts';
import { ClientError } from './client.ts';
import { noteOf, oneOf, textOption, wholeNumber, word, type Call, type Command } from './command.ts';
import { contract } from './contract.ts';
import { feeds } from './feeds.ts';
import { maintenance } from './maintenance.ts';
import { people } from './people.ts';
import { recipe } from './recipe.ts';
import { settings } from './settings.ts';
import { say } from './texts.ts';

const pollMs = 500;

/** One line a candidate: version, way of training, whether it is recommended, verdict, deciding metric, cost, seconds. */
async function printCandidates(call: Call, run: string): Promise<void> {
  const { items } = await call.client.json(Candidates, 'GET', `/runs/${run}/candidates`);
  for (const { version, mode, isRecommended, outcome, metric, value, cost, trainingMs } of items)
    call.print(
      [
        version,
        mode,
        isRecommended ? '*' : '',
        outcome,
        `${metric}=${value ?? '–'}`,
        cost === null ? '' : `cost=${cost}`,
        trainingMs === null ? '' : `${Math.round(trainingMs / 1000)}s`,
      ].join('\t'),
    );
}

const at = (project: string): string => `/projects/${encodeURIComponent(project)}`;

/** The checked files that no run has taken, in the order in which they arrived. */
async function waitingUploads({ client }: Call, project: string): Promise<string[]> {
  const { items } = await client.json(z.object({ items: z.array(Upload) }), 'GET', `${at(project)}/uploads`);
  return items
    .filter(({ status }) => status === 'valid')
    .map(({ id }) => id)
    .reverse();
}

/** What was found in a file. @returns the exit code */
function printUpload(call: Call, upload: Upload): number {
  const facts = say('upload', call.locale, upload.rows);
  call.print(
    [upload.id, upload.status, ...(upload.source === null ? [] : [upload.source]), facts].join('\t'),
  );
  for (const { severity, message, column, line, count } of upload.problems) {
    const place = [column ?? '', line === undefined ? '' : say('line', call.locale, { line })]
      .filter((part) => part !== '')
      .join(', ');
    call.print(`  ${say(severity, call.locale)} ${place === '' ? '' : `${place} `}(${count}): ${message}`);
  }
  return upload.status === 'valid' ? 0 : 1;
}

function printChampion(call: Call, { champion, proposal }: ChampionAnswer): void {
  call.print(
    proposal === null
      ? say('inProduction', call.locale, { version: champion ?? '–' })
      : say('proposed', call.locale, { version: proposal.version }),
  );
}

export const commands: Readonly<Record<string, Command>> = {
  projects: {
    usage: 'projects',
    summary: {
      en: 'list the projects, their model in production and their rows',
      'pt-BR': 'lista os projetos, o modelo em produção e as linhas',
    },
    async run({ client, locale, print }) {
      const { items } = await client.json(z.object({ items: z.array(Project) }), 'GET', '/projects');
      for (const { id, name, champion, dataset } of items) {
        const facts = say('project', locale, { champion: String(champion ?? '–'), rows: dataset.rows });
        print(`${id}\t${name}\t${facts}`);
      }
      return 0;
    },
  },
  upload: {
    usage: 'upload PROJECT FILE… [--source NAME]',
    summary: {
      en: 'send files, each an upload of its own, and print what was found in them',
      'pt-BR': 'envia arquivos, cada um como um envio, e mostra o que há neles',
    },
    async run(call) {
      const [project, first] = [word(call, 0, 'PROJECT'), word(call, 1, 'FILE')];
      const source = textOption(call, 'source');
      const report = source === undefined ? '' : `&source=${encodeURIComponent(source)}`;
      const files = [first, ...call.words.slice(2)];
      let worst = 0;
      for (const file of files)
        try {
          await access(file, constants.R_OK).catch((cause: unknown) => {
            throw new ClientError('file', say('noFile', call.locale, { file }), { cause });
          });
          const path = `${at(project)}/uploads?filename=${encodeURIComponent(basename(file))}${report}`;
          const upload = await call.client.upload(Upload, path, file);
          if (files.length > 1) call.print(file);
          worst = Math.max(worst, printUpload(call, upload));
        } catch (error) {
          // One that is refused does not keep the others out; nothing comes of a server that does not answer.
          if (!(error instanceof ClientError) || files.length === 1 || error.code === 'unreachable')
            throw error;
          call.complain(`${file}: ${error.message}`);
          worst = 1;
        }
      return worst;
    },
  },
  reread: {
    usage:
      'reread UPLOAD [--dates day-first|month-first] [--decimal comma|point] [--delimiter SIGN] [--header-line N] [--sheet NAME] [--as-text COLUMN,…]',
    summary: {
      en: 'say how a waiting file is written, read it again so, and remember it for the project',
      'pt-BR': 'diz como um arquivo que espera está escrito, lê de novo assim e guarda isso para o projeto',
    },
    async run(call) {
      const upload = word(call, 0, 'UPLOAD');
      const dates = textOption(call, 'dates');
      const decimal = textOption(call, 'decimal');
      const [delimiter, sheet] = [textOption(call, 'delimiter'), textOption(call, 'sheet')];
      const line = textOption(call, 'header-line');
      const columns = textOption(call, 'as-text');
      const reading = {
        ...(dates && {
          dates: oneOf(call, '--dates', dates, ['day-first', 'month-first']).replace('-', '_'),
        }),
        ...(decimal && { decimal: oneOf(call, '--decimal', decimal, ['comma', 'point']) }),
        ...(delimiter && { delimiter: delimiter === 'tab' ? '\t' : delimiter }),
        ...(line && { headerLine: wholeNumber(call, '--header-line', line) }),
        ...(sheet && { sheet }),
        ...(columns && { asText: columns.split(',') }),
      };
      const path = `/uploads/${encodeURIComponent(upload)}/reading`;
      return printUpload(call, await call.client.json(Upload, 'POST', path, reading));
    },
  },
  run: {
    usage: 'run PROJECT [UPLOAD…|--waiting] [--mode full|incremental|refresh|auto]',
    summary: {
      en: 'merge uploads, or all that wait, retrain and wait for the results',
      'pt-BR': 'incorpora envios, ou todos os que esperam, retreina e espera os resultados',
    },
    async run(call) {
      const [project, ...named] = [word(call, 0, 'PROJECT'), ...call.words.slice(1)];
      const mode = oneOf(call, '--mode', textOption(call, 'mode') ?? 'full', RunMode.options);
      const uploads = call.options['waiting'] === true ? await waitingUploads(call, project) : named;
      let run = await call.client.json(Run, 'POST', `${at(project)}/runs`, { uploads, mode });
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
      if (run.candidates.length > 1) await printCandidates(call, run.id);
      call.print(verdict.sentence);
      return 0;
    },
  },
  column: {
    usage: 'column PROJECT COLUMN leave-out|known-before|use [--note TEXT]',
    summary: {
      en: 'say whether models learn from a column: never, or although it tells the outcome, or as from any',
      'pt-BR':
        'diz se os modelos aprendem com uma coluna: nunca, embora revele o resultado, ou como as outras',
    },
    async run(call) {
      const [project, column] = [word(call, 0, 'PROJECT'), word(call, 1, 'COLUMN')];
      const name = 'leave-out|known-before|use';
      const use = oneOf(call, name, word(call, 2, name), name.split('|'));
      const { exclude, confirmed } = await call.client.json(Project, 'GET', at(project));
      const inList = (list: readonly string[], wanted: string): string[] => [
        ...list.filter((other) => other !== column),
        ...(use === wanted ? [column] : []),
      ];
      const change = {
        exclude: inList(exclude, 'leave-out'),
        confirmed: inList(confirmed, 'known-before'),
        ...noteOf(call),
      };
      const now = await call.client.json(Project, 'PATCH', `${at(project)}/settings`, change);
      const list = (columns: readonly string[]): string => columns.join(', ') || '–';
      call.print(say('columns', call.locale, { exclude: list(now.exclude), confirmed: list(now.confirmed) }));
      return 0;
    },
  },
  decide: {
    usage: 'decide RUN candidate|current [--version N] [--note TEXT]',
    summary: { en: 'choose the model that goes on', 'pt-BR': 'escolhe o modelo que fica' },
    async run(call) {
      const run = word(call, 0, 'RUN');
      const name = 'candidate|current';
      const choice = oneOf(call, name, word(call, 1, name), ['candidate', 'current']);
      const path = `/runs/${encodeURIComponent(run)}/decision`;
      const wanted = textOption(call, 'version');
      const which = wanted === undefined ? {} : { version: wholeNumber(call, '--version', wanted) };
      const body = { choice, ...which, ...noteOf(call) };
      const decided = await call.client.json(Decision.or(PendingDecision), 'POST', path, body);
      printChampion(call, 'proposal' in decided ? decided : { ...decided, proposal: null });
      return 0;
    },
  },
  models: {
    usage: 'models PROJECT',
    summary: {
      en: 'list every model, newest first',
      'pt-BR': 'lista os modelos, do mais novo ao mais velho',
    },
    async run(call) {
      const list = z.object({ items: z.array(ModelSummary) });
      const { items } = await call.client.json(list, 'GET', `${at(word(call, 0, 'PROJECT'))}/models`);
      for (const { version, champion, mode, datasetVersion, createdAt } of items) {
        const facts = say('model', call.locale, { mode, version: String(datasetVersion) });
        call.print(`${version}${champion ? ' *' : ''}\t${facts}\t${createdAt}`);
      }
      return 0;
    },
  },
  use: {
    usage: 'use PROJECT VERSION [--note TEXT]',
    summary: { en: 'put any model into production', 'pt-BR': 'põe qualquer modelo em produção' },
    async run(call) {
      const project = word(call, 0, 'PROJECT');
      const version = wholeNumber(call, 'VERSION', word(call, 1, 'VERSION'));
      const chosen = await call.client.json(ChampionAnswer, 'PUT', `${at(project)}/champion`, {
        version,
        ...noteOf(call),
      });
      printChampion(call, chosen);
      return 0;
    },
  },
  reproduce: {
    usage: 'reproduce PROJECT VERSION',
    summary: {
      en: 'train a model again from its card and compare the bytes',
      'pt-BR': 'treina um modelo de novo a partir da ficha e compara os bytes',
    },
    async run(call) {
      const project = word(call, 0, 'PROJECT');
      const version = wholeNumber(call, 'VERSION', word(call, 1, 'VERSION'));
      const path = `${at(project)}/models/${version}/reproduce`;
      const { identical, sha256, expectedSha256 } = await call.client.json(Reproduction, 'POST', path);
      call.print(
        identical
          ? `${say('identical', call.locale)}\t${sha256}`
          : say('different', call.locale, { sha256, expected: expectedSha256 }),
      );
      return identical ? 0 : 1;
    },
  },
  dataset: {
    usage: 'dataset PROJECT',
    summary: {
      en: "list the data's versions, newest first",
      'pt-BR': 'lista as versões dos dados, da mais nova à mais velha',
    },
    async run(call) {
      const { history } = await call.client.json(Dataset, 'GET', `${at(word(call, 0, 'PROJECT'))}/dataset`);
      for (const { version, at: when, operation, rows, upload, reports } of history) {
        const facts = say('rows', call.locale, { rows });
        const files = upload?.filename ?? reports.map(({ filename }) => filename).join(', ');
        call.print(`${version}\t${when}\t${operation}\t${facts}\t${files}`);
      }
      return 0;
    },
  },
  undo: {
    usage: 'undo UPLOAD [--dry-run]',
    summary: {
      en: 'take a merged upload out of the data again, or only say what that would do',
      'pt-BR': 'tira dos dados um envio já incorporado, ou só diz o que isso faria',
    },
    async run(call) {
      const path = `/uploads/${encodeURIComponent(word(call, 0, 'UPLOAD'))}/undo`;
      const isPlan = call.options['dry-run'] === true;
      const done = isPlan
        ? { ...(await call.client.json(UndoPlan, 'GET', path)), version: null }
        : await call.client.json(UndoAnswer, 'POST', path);
      const { removed, restored, kept, models, version } = done;
      call.print(say('undone', call.locale, { removed, restored, kept }));
      if (models.length > 0) call.print(say('learned', call.locale, { models: models.join(', ') }));
      if (version !== null) call.print(say('dataVersion', call.locale, { version }));
      return 0;
    },
  },
  export: {
    usage: 'export PROJECT FILE [--version N] [--exact]',
    summary: {
      en: 'write the data, as a version had it, to a CSV file',
      'pt-BR': 'grava os dados de uma versão em um arquivo CSV',
    },
    async run(call) {
      const [project, file] = [word(call, 0, 'PROJECT'), word(call, 1, 'FILE')];
      const version = textOption(call, 'version');
      const cells = call.options['exact'] === true ? 'exact' : 'safe';
      const which = version === undefined ? '' : `&version=${wholeNumber(call, '--version', version)}`;
      const body = await call.client.download(`${at(project)}/dataset.csv?cells=${cells}${which}`);
      await save(call, body, file);
      return 0;
    },
  },
  ...contract,
  ...people,
  ...recipe,
  ...settings,
  ...feeds,
  ...maintenance,
};

/** Writes a download to a file that appears whole or not at all. */
async function save({ locale }: Call, body: ReadableStream, file: string): Promise<void> {
  const arriving = `${file}.part`;
  try {
    await writeFile(arriving, Readable.fromWeb(body as WebStream));
    await rename(arriving, file);
  } catch (cause) {
    await rm(arriving, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClientError('file', say('unwritable', locale, { file, reason }), { cause });
  }
}
