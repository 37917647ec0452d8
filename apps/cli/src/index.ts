import { parseArgs } from 'node:util';
import { Client, ClientError } from './client.ts';
import { commands } from './commands.ts';

export { Client, ClientError } from './client.ts';

const usageCode = 2;

/** The help, made of the commands themselves. */
export function helpText(): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(
    ({ usage, summary }) => `  kafer ${usage.padEnd(width)}  ${summary}`,
  );
  return `Usage: kafer COMMAND\n\n${lines.join('\n')}\n\nOptions: --url ADDRESS (KAFER_URL, http://127.0.0.1:4870), --token TOKEN (KAFER_TOKEN), --language en|pt-BR`;
}

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 done, 1 refused or not as hoped, 2 a mistake in the command line
 */
export async function runCli(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  print: (line: string) => void,
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
        version: text,
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    return usageCode;
  }
  const { values, positionals } = parsed;
  const [name, ...words] = positionals;
  const command = name === undefined || !Object.hasOwn(commands, name) ? undefined : commands[name];
  if (values.help === true || command === undefined) {
    print(helpText());
    return values.help === true ? 0 : usageCode;
  }
  const client = new Client({
    url: values.url ?? env['KAFER_URL'] ?? 'http://127.0.0.1:4870',
    token: values.token ?? env['KAFER_TOKEN'] ?? '',
    language: values.language ?? (env['LANG']?.startsWith('pt') === true ? 'pt-BR' : 'en'),
  });
  try {
    return await command.run({ client, words, options: values, print });
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    print(error.code === 'usage' ? `${error.message} Usage: kafer ${command.usage}` : error.message);
    return error.code === 'usage' ? usageCode : 1;
  }
}
