import { z } from 'zod';
import { Invitation, Person, Role } from '@kaefer/contracts';
import { mistake, textOption, word, type Call, type Command } from './command.ts';
import { say } from './texts.ts';

function roleOf(call: Call): Role {
  const value = textOption(call, 'role') ?? 'operator';
  const role = Role.safeParse(value);
  if (role.success) return role.data;
  throw mistake(call, 'notOneOf', { name: '--role', value, choices: Role.options.join(', ') });
}

/** Who signs in by a name of their own. */
export const people: Readonly<Record<string, Command>> = {
  people: {
    usage: 'people',
    summary: { en: 'list everyone who signs in by a name', 'pt-BR': 'lista quem entra com nome próprio' },
    async run({ client, print }) {
      const { items } = await client.json(z.object({ items: z.array(Person) }), 'GET', '/people');
      for (const { id, name, role, removedAt } of items)
        print([id, name, role, ...(removedAt === null ? [] : [`–${removedAt}`])].join('\t'));
      return 0;
    },
  },
  invite: {
    usage: 'invite NAME [--role operator|engineer]',
    summary: {
      en: 'let a person in: prints a link that signs one browser in, once, within 24 hours',
      'pt-BR': 'convida uma pessoa: mostra um link que dá entrada a um navegador, uma vez, em 24 horas',
    },
    async run(call) {
      const body = { name: word(call, 0, 'NAME'), role: roleOf(call) };
      const { path, expiresAt } = await call.client.json(Invitation, 'POST', '/people', body);
      call.print(call.client.address(path));
      call.print(say('until', call.locale, { at: expiresAt }));
      return 0;
    },
  },
  dismiss: {
    usage: 'dismiss PERSON',
    summary: { en: "end a person's access at once", 'pt-BR': 'encerra o acesso de uma pessoa na hora' },
    async run(call) {
      const id = word(call, 0, 'PERSON');
      const { name, removedAt } = await call.client.json(
        Person,
        'DELETE',
        `/people/${encodeURIComponent(id)}`,
      );
      call.print(`${name}\t–${removedAt ?? ''}`);
      return 0;
    },
  },
};
