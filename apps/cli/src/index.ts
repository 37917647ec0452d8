import { parseArgs } from 'node:util';
import { locales, type Locale } from '@kaefer/contracts';
import { Client, ClientError } from './client.ts';
import { commands } from './commands.ts';
import { say } from './texts.ts';

export { Client, ClientError } from './client.ts';

const defaultUrl = 'http://127.0.0.1:4870';
const [refusedCode, usageCode] = [1, 2];

/** Where a command's answers and its complaints go. */
export interface Output {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
}

/** The help, made of the commands themselves. */
export function helpText(locale: Locale): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(
    ({ usage, summary }) => `  kafer ${usage.padEnd(width)}  ${summary[locale]}`,
  );
  const usage = say('usage', locale, { usage: `kafer ${say('commandWord', locale)}` });
  return `${usage}\n\n${lines.join('\n')}\n\n${say('options', locale, { url: defaultUrl })}`;
}

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 done, 1 refused or not as hoped, 2 a mistake in the command line
 */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { print, complain }: Output,
): Promise<number> {
  const text = { type: 'string' } as const;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: text,
        token: text,
        language: text,
        mode: text,
        note: text,
        role: text,
        rows: text,
        source: text,
        every: text,
        daily: text,
        secret: text,
        'send-as': text,
        region: text,
        endpoint: text,
        dates: text,
        decimal: text,
        delimiter: text,
        'header-line': text,
        sheet: text,
        'as-text': text,
        version: text,
        'data-dir': text,
        'dry-run': { type: 'boolean' },
        waiting: { type: 'boolean' },
        exact: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return usageCode;
  }
  const { values, positionals } = parsed;
  const locale = locales.find((known) => known === values.language) ?? localeOfSystem(env);
  if (values.language !== undefined && values.language !== locale) {
    complain(
      say('notOneOf', locale, { name: '--language', value: values.language, choices: locales.join(', ') }),
    );
    return usageCode;
  }
  const [name, ...words] = positionals;
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (values.help === true) {
    print(helpText(locale));
    return 0;
  }
  if (command === undefined) {
    complain(helpText(locale));
    return usageCode;
  }
  const client = new Client({
    url: values.url ?? env['KAFER_URL'] ?? defaultUrl,
    token: values.token ?? env['KAFER_TOKEN'] ?? '',
    locale,
  });
  try {
    return await command.run({ client, locale, words, options: values, env, print, complain });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    if (error.code !== 'usage') {
      complain(error.message);
      return refusedCode;
    }
    complain(`${error.message} ${say('usage', locale, { usage: `kafer ${command.usage}` })}`);
    return usageCode;
  }
}

/** The language of the terminal, by POSIX's order of variables; English when it is none that we speak. */
function localeOfSystem(env: Readonly<Record<string, string | undefined>>): Locale {
  const language = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return language?.startsWith('pt') === true ? 'pt-BR' : 'en';
}
