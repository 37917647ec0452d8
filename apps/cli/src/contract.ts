import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { Contract, ContractSaved, ContractState } from '@kaefer/contracts';
import { ClientError } from './client.ts';
import { mistake, textOption, word, type Call, type Command } from './command.ts';
import { say } from './texts.ts';

/** What `get` writes and `set` reads. */
const ContractFile = z.object({ version: z.int().min(0).optional(), contract: Contract });

/** What concerns the contract of a project's files. */
export const contract: Readonly<Record<string, Command>> = {
  contract: {
    usage: 'contract get|set PROJECT [FILE] [--source NAME] [--note TEXT]',
    summary: {
      en: 'print the contract of the files, or write it to a file; save one that was edited, if nobody else has meanwhile',
      'pt-BR':
        'mostra o contrato dos arquivos ou grava-o em um arquivo; salva um editado, se ninguém o mudou nesse meio-tempo',
    },
    async run(call) {
      const name = 'get|set';
      const action = word(call, 0, name);
      if (action !== 'get' && action !== 'set')
        throw mistake(call, 'notOneOf', { name, value: action, choices: 'get, set' });
      const source = textOption(call, 'source');
      const query = source === undefined ? '' : `?source=${encodeURIComponent(source)}`;
      const path = `/projects/${encodeURIComponent(word(call, 1, 'PROJECT'))}/contract${query}`;
      return action === 'get' ? getContract(call, path) : setContract(call, path);
    },
  },
};

async function getContract(call: Call, path: string): Promise<number> {
  const { version, contract: agreed } = await call.client.json(ContractState, 'GET', path);
  const text = JSON.stringify({ version, contract: agreed }, null, 2);
  const [, , file] = call.words;
  if (file === undefined) call.print(text);
  else await save(call, file, `${text}\n`);
  return 0;
}

async function setContract(call: Call, path: string): Promise<number> {
  const file = word(call, 2, 'FILE');
  const { version, contract: edited } = await readContract(call, file);
  const note = textOption(call, 'note');
  const change = {
    contract: edited,
    ...(version === undefined ? {} : { version }),
    ...(note === undefined ? {} : { note }),
  };
  const saved = await call.client.json(ContractSaved, 'PUT', path, change);
  call.print(say('contractSaved', call.locale, { version: saved.version, rechecked: saved.rechecked }));
  return 0;
}

async function readContract(call: Call, file: string): Promise<z.infer<typeof ContractFile>> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ClientError('file', say('noFile', call.locale, { file }), { cause });
  });
  const refuse = (reason: string, cause?: unknown): never => {
    throw new ClientError('file', say('noContract', call.locale, { file, reason }), { cause });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const parsed = ContractFile.safeParse(value);
  if (parsed.success) return parsed.data;
  return refuse(
    parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  );
}

async function save({ locale }: Call, file: string, text: string): Promise<void> {
  try {
    await writeFile(`${file}.part`, text);
    await rename(`${file}.part`, file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ClientError('file', say('unwritable', locale, { file, reason }), { cause });
  }
}
