import { z } from 'zod';
import type { TrainingSettings } from '@kaefer/contracts';
import { Holdout, Project } from '@kaefer/contracts';
import { mistake, noteOf, oneOf, textOption, wholeNumber, word, type Call, type Command } from './command.ts';
import { say } from './texts.ts';

const at = (call: Call): string => `/projects/${encodeURIComponent(word(call, 0, 'PROJECT'))}`;
const Holdouts = z.object({ items: z.array(Holdout) });
const directions = { rising: 1, falling: -1, free: undefined } as const;

/** How the models of a project are trained and compared. */
export const settings: Readonly<Record<string, Command>> = {
  training: {
    usage: 'training PROJECT [NAME VALUE] [--note TEXT]',
    summary: {
      en: 'list how models are trained, or change one of these settings for the runs to come',
      'pt-BR': 'lista como os modelos treinam, ou muda uma dessas configurações para os próximos retreinos',
    },
    async run(call) {
      const { training } = await call.client.json(Project, 'GET', at(call));
      if (call.words.length < 2) return printTraining(call, training);
      const { monotone: _monotone, ...numbers } = training;
      const name = oneOf(call, 'NAME', word(call, 1, 'NAME'), Object.keys(numbers));
      const text = word(call, 2, 'VALUE');
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (!Number.isFinite(value)) throw mistake(call, 'notNumber', { name, value: text });
      return changeTraining(call, { ...training, [name]: value });
    },
  },
  monotone: {
    usage: 'monotone PROJECT COLUMN rising|falling|free [--note TEXT]',
    summary: {
      en: 'have predictions only rise, or only fall, as a column rises, for the runs to come',
      'pt-BR': 'faz as previsões só subirem, ou só caírem, quando uma coluna sobe, nos próximos retreinos',
    },
    async run(call) {
      const column = word(call, 1, 'COLUMN');
      const name = Object.keys(directions).join('|');
      const way = oneOf(call, name, word(call, 2, name), Object.keys(directions)) as keyof typeof directions;
      const { training } = await call.client.json(Project, 'GET', at(call));
      const { [column]: _before, ...others } = training.monotone;
      const direction = directions[way];
      const monotone = direction === undefined ? others : { ...others, [column]: direction };
      return changeTraining(call, { ...training, monotone });
    },
  },
  holdouts: {
    usage: 'holdouts PROJECT',
    summary: {
      en: 'list the sets of test rows, newest first: state, rows, choices made on them',
      'pt-BR':
        'lista os conjuntos de linhas de teste, do mais novo ao mais velho: situação, linhas, escolhas',
    },
    async run(call) {
      return printHoldouts(call, await call.client.json(Holdouts, 'GET', `${at(call)}/holdouts`));
    },
  },
  'fresh-holdout': {
    usage: 'fresh-holdout PROJECT [--rows N] [--note TEXT]',
    summary: {
      en: 'collect a fresh set of test rows from the data to come, in use from N rows on',
      'pt-BR': 'reúne um conjunto novo de linhas de teste dos dados que vierem, em uso a partir de N linhas',
    },
    async run(call) {
      const rows = textOption(call, 'rows');
      const asked = {
        ...(rows === undefined ? {} : { rows: wholeNumber(call, '--rows', rows) }),
        ...noteOf(call),
      };
      return printHoldouts(call, await call.client.json(Holdouts, 'POST', `${at(call)}/holdouts`, asked));
    },
  },
};

async function changeTraining(call: Call, training: TrainingSettings): Promise<number> {
  const change = { training, ...noteOf(call) };
  const changed = await call.client.json(Project, 'PATCH', `${at(call)}/settings`, change);
  return printTraining(call, changed.training);
}

function printTraining({ print }: Call, { monotone, ...numbers }: TrainingSettings): number {
  for (const [name, value] of Object.entries(numbers)) print(`${name}\t${value}`);
  for (const [column, direction] of Object.entries(monotone))
    print(`monotone\t${column}\t${direction === 1 ? 'rising' : 'falling'}`);
  return 0;
}

function printHoldouts({ print, locale }: Call, { items }: z.infer<typeof Holdouts>): number {
  for (const { number, state, rows, needed, looks } of items)
    print(`${number}\t${state}\t${say('holdout', locale, { rows, needed, looks })}`);
  return 0;
}
