import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Project, RecipeResult, SourceTable, Upload } from '@kaefer/contracts';
import { ClientError } from './client.ts';
import { textOption, word, type Call, type Command } from './command.ts';
import { say } from './texts.ts';

/** What concerns projects that put several reports together. */
export const recipe: Readonly<Record<string, Command>> = {
  sources: {
    usage: 'sources PROJECT',
    summary: {
      en: 'list the reports that a project takes, and their rows in the lake',
      'pt-BR': 'lista os relatórios que um projeto recebe e as linhas deles no lake',
    },
    async run(call) {
      const list = z.object({ items: z.array(SourceTable) });
      const path = `/projects/${encodeURIComponent(word(call, 0, 'PROJECT'))}/sources`;
      for (const { name, key, rows } of (await call.client.json(list, 'GET', path)).items)
        call.print(`${name}\t${key.join(' + ')}\t${say('rows', call.locale, { rows })}`);
      return 0;
    },
  },
  recipe: {
    usage: 'recipe PROJECT [FILE] [--dry-run] [--note TEXT]',
    summary: {
      en: 'print the recipe; with a file of SQL save it, or only say what it would make',
      'pt-BR': 'mostra a receita; com um arquivo SQL salva-a, ou só diz o que ela produziria',
    },
    async run(call) {
      const place = `/projects/${encodeURIComponent(word(call, 0, 'PROJECT'))}`;
      const [, file] = call.words;
      const isTrial = call.options['dry-run'] === true;
      if (file === undefined && !isTrial) {
        const { recipe: sql } = await call.client.json(Project, 'GET', place);
        call.print(sql ?? say('noRecipe', call.locale));
        return sql === null ? 1 : 0;
      }
      const sql = file === undefined ? undefined : await readSql(call, file);
      if (isTrial) return tryRecipe(call, place, sql);
      const note = textOption(call, 'note');
      await call.client.json(Project, 'PATCH', `${place}/settings`, {
        recipe: sql,
        ...(note === undefined ? {} : { note }),
      });
      call.print(say('recipeSaved', call.locale));
      return 0;
    },
  },
};

/** With the checked files that wait, as the screen does. */
async function tryRecipe(call: Call, place: string, sql: string | undefined): Promise<number> {
  const list = z.object({ items: z.array(Upload) });
  const { items } = await call.client.json(list, 'GET', `${place}/uploads`);
  const waiting = items.filter(({ status }) => status === 'valid').reverse();
  const result = await call.client.json(RecipeResult, 'POST', `${place}/recipe/trial`, {
    uploads: waiting.map(({ id }) => id),
    ...(sql === undefined ? {} : { recipe: sql }),
  });
  for (const { severity, message } of result.problems)
    call.print(`  ${say(severity, call.locale)} ${message}`);
  if (result.status === 'invalid') return 1;
  call.print(say('recipeResult', call.locale, result.rows));
  return 0;
}

async function readSql({ locale }: Call, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ClientError('file', say('noFile', locale, { file }), { cause });
  });
}
