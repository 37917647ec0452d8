import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { FeedState, type FeedRequestInput, type FeedSchedule, type SecretUse } from '@kaefer/contracts';
import { mistake, textOption, word, type Call, type Command } from './command.ts';
import { say } from './texts.ts';

const pollMs = 500;
const at = (call: Call): string => `/projects/${encodeURIComponent(word(call, 0, 'PROJECT'))}/feeds`;
const atFeed = (call: Call): string => `${at(call)}/${encodeURIComponent(word(call, 1, 'FEED'))}`;

/** What concerns files that come by themselves. */
export const feeds: Readonly<Record<string, Command>> = {
  feeds: {
    usage: 'feeds PROJECT',
    summary: {
      en: 'list the places from which files come by themselves, and how the last look went',
      'pt-BR': 'lista os lugares de onde arquivos chegam sozinhos e como foi a última busca',
    },
    async run(call) {
      const list = z.object({ items: z.array(FeedState) });
      const { items } = await call.client.json(list, 'GET', at(call));
      for (const state of items) printState(call, state);
      return items.some(({ attempts }) => (attempts[0]?.failures.length ?? 0) > 0) ? 1 : 0;
    },
  },
  feed: {
    usage:
      'feed PROJECT FEED ADDRESS [--every MINUTES|--daily HH:MM] [--source NAME] [--secret NAME] [--send-as bearer|basic|header:NAME|query:NAME] [--region NAME] [--endpoint ADDRESS]',
    summary: {
      en: 'fetch files from a web address, s3://bucket/prefix or a folder of the server; without a time only when asked',
      'pt-BR':
        'busca arquivos em um endereço da rede, em s3://bucket/prefixo ou em uma pasta do servidor; sem horário, só a pedido',
    },
    async run(call) {
      const state = await call.client.json(FeedState, 'PUT', atFeed(call), requestOf(call));
      printState(call, state);
      return 0;
    },
  },
  'remove-feed': {
    usage: 'remove-feed PROJECT FEED',
    summary: {
      en: 'fetch from a place no more; what it brought stays',
      'pt-BR': 'deixa de buscar em um lugar; o que ele trouxe fica',
    },
    async run(call) {
      await call.client.command('DELETE', atFeed(call));
      return 0;
    },
  },
  fetch: {
    usage: 'fetch PROJECT FEED',
    summary: {
      en: 'fetch what is new there now, and wait for it',
      'pt-BR': 'busca agora o que há de novo ali e espera',
    },
    async run(call) {
      const before = await call.client.json(FeedState, 'POST', `${atFeed(call)}/fetch`);
      let state = before;
      while (state.isFetching) {
        await wait(pollMs);
        const { items } = await call.client.json(z.object({ items: z.array(FeedState) }), 'GET', at(call));
        state = items.find(({ name }) => name === before.name) ?? { ...state, isFetching: false };
      }
      printState(call, state);
      return (state.attempts[0]?.failures.length ?? 0) > 0 ? 1 : 0;
    },
  },
};

function requestOf(call: Call): FeedRequestInput {
  const address = word(call, 2, 'ADDRESS');
  const common = { address, schedule: scheduleOf(call), report: textOption(call, 'source') ?? null };
  const secret = textOption(call, 'secret') ?? null;
  if (address.startsWith('s3://')) {
    const region = textOption(call, 'region');
    return {
      kind: 's3',
      ...common,
      secret,
      endpoint: textOption(call, 'endpoint') ?? null,
      ...(region === undefined ? {} : { region }),
    };
  }
  if (/^https?:/i.test(address)) return { kind: 'url', ...common, secret, sendAs: sendAsOf(call) };
  return { kind: 'folder', ...common };
}

function scheduleOf(call: Call): FeedSchedule {
  const [every, daily] = [textOption(call, 'every'), textOption(call, 'daily')];
  if (every !== undefined) {
    if (!/^\d{1,5}$/.test(every)) throw mistake(call, 'notWhole', { name: '--every', value: every });
    return { kind: 'every', minutes: Number(every) };
  }
  return daily === undefined ? { kind: 'asked' } : { kind: 'daily', at: daily };
}

function sendAsOf(call: Call): SecretUse {
  const given = textOption(call, 'send-as') ?? 'bearer';
  const [as = '', name = ''] = given.split(/:(.*)/s);
  if (as === 'bearer' || as === 'basic') return { as };
  if ((as === 'header' || as === 'query') && name !== '') return { as, name };
  throw mistake(call, 'notOneOf', {
    name: '--send-as',
    value: given,
    choices: 'bearer, basic, header:NAME, query:NAME',
  });
}

/** One line a place, and one for each thing that was not as hoped. */
function printState({ print, locale }: Call, { name, kind, address, nextAt, attempts }: FeedState): void {
  const [last] = attempts;
  const result =
    last === undefined
      ? say('notFetchedYet', locale)
      : say('fetched', locale, { at: last.at, taken: last.taken.length, known: last.known });
  const next = nextAt === null ? say('onlyAsked', locale) : say('nextFetch', locale, { at: nextAt });
  print([name, kind, address, kind === 'watched' ? '–' : next, result].join('\t'));
  for (const { file, detail } of last?.failures ?? [])
    print(`  ${say('error', locale)} ${file === null ? '' : `${file}: `}${detail}`);
}
