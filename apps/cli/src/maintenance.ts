import { existsSync, readdirSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Damage } from '@kaefer/pipeline/maintain';
import { ClientError } from './client.ts';
import { textOption, word, type Call, type Command } from './command.ts';
import { say } from './texts.ts';

/** Loaded by these commands alone: it brings DuckDB and XGBoost. */
const loadMaintenance = () => import('@kaefer/pipeline/maintain');

/** The folder that the server keeps its data in; named as the server has it named. */
function dataFolderOf(call: Call): string {
  const folder = resolve(textOption(call, 'data-dir') ?? call.env['KAFER_DATA_DIR'] ?? 'kaefer-data');
  if (!existsSync(resolve(folder, 'lake')))
    throw new ClientError('file', say('noLake', call.locale, { folder }));
  return folder;
}

/** Commands that work on the data folder itself, so that they help when no server can start. */
export const maintenance: Readonly<Record<string, Command>> = {
  backup: {
    usage: 'backup FOLDER [--data-dir DIR]',
    summary: {
      en: 'copy the lake, also while the server runs; again to the same folder copies what is new',
      'pt-BR': 'copia o lake, também com o servidor em uso; de novo na mesma pasta copia o que é novo',
    },
    async run(call) {
      const [dataFolder, destination] = [dataFolderOf(call), resolve(word(call, 0, 'FOLDER'))];
      const inside = relative(dataFolder, destination);
      if (!inside.startsWith('..')) throw refusal(call, 'backupInside', destination);
      const isForeign =
        existsSync(destination) &&
        readdirSync(destination).length > 0 &&
        !existsSync(resolve(destination, 'lake'));
      if (isForeign) throw refusal(call, 'notABackup', destination);
      const { backupLake } = await loadMaintenance();
      const { projects, copied, bytes, unchanged } = await backupLake(dataFolder, destination);
      call.print(
        say('backedUp', call.locale, { projects, copied, mib: Math.ceil(bytes / 2 ** 20), unchanged }),
      );
      return 0;
    },
  },
  verify: {
    usage: 'verify [--data-dir DIR]',
    summary: {
      en: 'read everything in the lake and say what is damaged',
      'pt-BR': 'lê tudo o que há no lake e diz o que está danificado',
    },
    async run(call) {
      const { verifyLake } = await loadMaintenance();
      const { damages, ...counts } = await verifyLake(dataFolderOf(call));
      for (const { project, part, kind, parameters } of damages)
        call.print(`${project}\t${part}\t${say(kindTexts[kind], call.locale, parameters)}`);
      call.print(say('verified', call.locale, { ...counts, damages: damages.length }));
      return damages.length === 0 ? 0 : 1;
    },
  },
  rebuild: {
    usage: 'rebuild [--data-dir DIR]',
    summary: {
      en: 'make the database anew from the lake, with the server stopped',
      'pt-BR': 'refaz o banco de dados a partir do lake, com o servidor parado',
    },
    async run(call) {
      const dataFolder = dataFolderOf(call);
      const { lockDataFolder, rebuildDatabase } = await loadMaintenance();
      const release = lockDataFolder(dataFolder);
      if (release === undefined) throw refusal(call, 'inUse', dataFolder);
      try {
        call.print(say('rebuilt', call.locale, { projects: await rebuildDatabase(dataFolder) }));
        return 0;
      } finally {
        release();
      }
    },
  },
};

const kindTexts = {
  missing: 'damageMissing',
  altered: 'damageAltered',
  wrong_size: 'damageSize',
  wrong_rows: 'damageRows',
  unreadable: 'damageUnreadable',
  irreproducible: 'damageIrreproducible',
  foreign: 'damageForeign',
  differs: 'damageDiffers',
} as const satisfies Record<Damage['kind'], string>;

function refusal(
  { locale }: Call,
  name: 'backupInside' | 'notABackup' | 'inUse',
  folder: string,
): ClientError {
  return new ClientError('file', say(name, locale, { folder }));
}
