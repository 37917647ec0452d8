import { render, type Locale, type Parameters, type Sentence } from '@kaefer/contracts';

/** Everything that the command line says by itself; the server's sentences come in the same language. */
const texts = {
  usage: { en: 'Usage: {usage}', 'pt-BR': 'Uso: {usage}' },
  commandWord: { en: 'COMMAND', 'pt-BR': 'COMANDO' },
  options: {
    en: 'Options: --url ADDRESS (KAFER_URL, {url}), --token TOKEN (KAFER_TOKEN), --language en|pt-BR',
    'pt-BR': 'Opções: --url ENDEREÇO (KAFER_URL, {url}), --token TOKEN (KAFER_TOKEN), --language en|pt-BR',
  },
  missing: { en: '{name} is missing.', 'pt-BR': 'Falta {name}.' },
  notWhole: {
    en: '{name} must be a whole number, not “{value}”.',
    'pt-BR': '{name} precisa ser um número inteiro, não “{value}”.',
  },
  notNumber: {
    en: '{name} must be a number, not “{value}”.',
    'pt-BR': '{name} precisa ser um número, não “{value}”.',
  },
  holdout: {
    en: '{rows} rows (in use from {needed} on)\t{looks} choices',
    'pt-BR': '{rows} linhas (em uso a partir de {needed})\t{looks} escolhas',
  },
  notOneOf: {
    en: '{name} must be one of {choices}, not “{value}”.',
    'pt-BR': '{name} precisa ser um de {choices}, não “{value}”.',
  },
  noFile: {
    en: 'There is no file {file} that can be read.',
    'pt-BR': 'Não há um arquivo {file} que possa ser lido.',
  },
  unwritable: {
    en: '{file} could not be written: {reason}.',
    'pt-BR': 'Não foi possível gravar {file}: {reason}.',
  },
  unreachable: {
    en: 'No Käfer answers at {url}. Start it with npm start, or name its address with --url.',
    'pt-BR': 'Nenhum Käfer responde em {url}. Inicie-o com npm start ou dê o endereço com --url.',
  },
  unexpected: {
    en: '{call} was answered in a way that this program does not know ({status}). Is it the same version as the server?',
    'pt-BR':
      '{call} teve uma resposta que este programa não conhece ({status}). Ele tem a mesma versão do servidor?',
  },
  until: { en: 'good until {at}', 'pt-BR': 'vale até {at}' },
  proposed: {
    en: 'model {version} waits for a second person to approve it',
    'pt-BR': 'o modelo {version} espera a aprovação de uma segunda pessoa',
  },
  inProduction: { en: 'model {version} is in production', 'pt-BR': 'o modelo {version} está em produção' },
  project: { en: 'model {champion}\t{rows} rows', 'pt-BR': 'modelo {champion}\t{rows} linhas' },
  upload: {
    en: '{total} rows: {new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected',
    'pt-BR': '{total} linhas: {new} novas, {updated} atualizadas, {unchanged} iguais, {rejected} recusadas',
  },
  columns: {
    en: 'left out: {exclude}\tknown before: {confirmed}',
    'pt-BR': 'deixadas de fora: {exclude}\tconhecidas antes: {confirmed}',
  },
  error: { en: 'error', 'pt-BR': 'erro' },
  warning: { en: 'warning', 'pt-BR': 'aviso' },
  line: { en: 'line {line}', 'pt-BR': 'linha {line}' },
  model: { en: '{mode}\tdata {version}', 'pt-BR': '{mode}\tdados {version}' },
  rows: { en: '{rows} rows', 'pt-BR': '{rows} linhas' },
  noRecipe: { en: 'There is no recipe.', 'pt-BR': 'Não há receita.' },
  recipeSaved: {
    en: 'the recipe was saved; it holds from the next retrain on',
    'pt-BR': 'a receita foi salva; vale a partir do próximo retreino',
  },
  recipeResult: {
    en: '{total} rows: {new} new, {updated} updated, {unchanged} unchanged, {removed} gone',
    'pt-BR': '{total} linhas: {new} novas, {updated} atualizadas, {unchanged} iguais, {removed} saem',
  },
  contractSaved: {
    en: 'the contract is at version {version} now; {rechecked} waiting files were checked again',
    'pt-BR':
      'o contrato está agora na versão {version}; {rechecked} arquivos que esperavam foram verificados de novo',
  },
  noContract: {
    en: '{file} is no contract: {reason}. Write one with kafer contract get and edit that.',
    'pt-BR': '{file} não é um contrato: {reason}. Grave um com kafer contract get e edite-o.',
  },
  notFetchedYet: { en: 'not fetched yet', 'pt-BR': 'ainda não houve busca' },
  fetched: {
    en: '{at}: {taken} files taken, {known} known',
    'pt-BR': '{at}: {taken} arquivos recebidos, {known} já conhecidos',
  },
  onlyAsked: { en: 'only when asked', 'pt-BR': 'só a pedido' },
  nextFetch: { en: 'next {at}', 'pt-BR': 'próxima {at}' },
  undone: {
    en: 'rows removed: {removed}, as before: {restored}, kept as later files left them: {kept}',
    'pt-BR':
      'linhas tiradas: {removed}, como antes: {restored}, mantidas como arquivos posteriores as deixaram: {kept}',
  },
  learned: {
    en: 'models that learned from it: {models}; they stay as they are until the next retrain',
    'pt-BR': 'modelos que aprenderam com ele: {models}; ficam como estão até o próximo retreino',
  },
  dataVersion: { en: 'data version {version}', 'pt-BR': 'versão {version} dos dados' },
  identical: { en: 'identical', 'pt-BR': 'idêntico' },
  different: {
    en: 'different\t{sha256}, expected {expected}',
    'pt-BR': 'diferente\t{sha256}, esperado {expected}',
  },
  noLake: {
    en: 'There is no data of Käfer in {folder}. Name its folder with --data-dir.',
    'pt-BR': 'Não há dados do Käfer em {folder}. Indique a pasta com --data-dir.',
  },
  backupInside: {
    en: 'A backup inside the data folder would be lost with it: {folder}. Choose another folder.',
    'pt-BR': 'Uma cópia dentro da pasta de dados se perderia com ela: {folder}. Escolha outra pasta.',
  },
  notABackup: {
    en: '{folder} holds other files and no backup of Käfer. Choose an empty or a new folder.',
    'pt-BR': '{folder} tem outros arquivos e nenhuma cópia do Käfer. Escolha uma pasta vazia ou nova.',
  },
  inUse: {
    en: 'A Käfer is using the data in {folder}. Stop it first.',
    'pt-BR': 'Um Käfer está usando os dados em {folder}. Pare-o primeiro.',
  },
  backedUp: {
    en: '{projects} projects: {copied} files copied ({mib} MiB), {unchanged} were there already',
    'pt-BR': '{projects} projetos: {copied} arquivos copiados ({mib} MiB), {unchanged} já estavam lá',
  },
  rebuilt: {
    en: 'the database was made anew with {projects} projects; sign in again with the link that the server prints',
    'pt-BR':
      'o banco de dados foi refeito com {projects} projetos; entre de novo com o link que o servidor mostra',
  },
  verified: {
    en: '{projects} projects, {files} files, {uploads} uploads, {versions} data versions, {models} models, {decisions} decisions: {damages} damaged',
    'pt-BR':
      '{projects} projetos, {files} arquivos, {uploads} envios, {versions} versões dos dados, {models} modelos, {decisions} decisões: {damages} com danos',
  },
  damageMissing: { en: 'is missing', 'pt-BR': 'falta' },
  damageAltered: {
    en: 'has not the bytes that were recorded',
    'pt-BR': 'não tem os bytes que foram registrados',
  },
  damageSize: {
    en: 'has {found} bytes instead of {expected}',
    'pt-BR': 'tem {found} bytes em vez de {expected}',
  },
  damageRows: {
    en: 'has {found} rows instead of {expected}',
    'pt-BR': 'tem {found} linhas em vez de {expected}',
  },
  damageUnreadable: { en: 'cannot be read: {reason}', 'pt-BR': 'não pode ser lido: {reason}' },
  damageIrreproducible: {
    en: 'gives {different} of {rows} holdout rows another score than when they were compared',
    'pt-BR': 'dá a {different} de {rows} linhas de teste uma nota diferente da comparada',
  },
  damageForeign: {
    en: 'was not written by Käfer, or what recorded it is gone',
    'pt-BR': 'não foi gravado pelo Käfer, ou o registro dele se perdeu',
  },
  damageDiffers: {
    en: 'is not what the commits of the table make',
    'pt-BR': 'não é o que as mudanças registradas da tabela resultam',
  },
} as const satisfies Record<string, Sentence>;

export type TextName = keyof typeof texts;

export function say(name: TextName, locale: Locale, parameters: Parameters = {}): string {
  return render(texts[name], parameters, locale);
}
