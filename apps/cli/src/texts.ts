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
  inProduction: { en: 'model {version} is in production', 'pt-BR': 'o modelo {version} está em produção' },
  project: { en: 'model {champion}\t{rows} rows', 'pt-BR': 'modelo {champion}\t{rows} linhas' },
  upload: {
    en: '{total} rows: {new} new, {updated} updated, {unchanged} unchanged, {rejected} rejected',
    'pt-BR': '{total} linhas: {new} novas, {updated} atualizadas, {unchanged} iguais, {rejected} recusadas',
  },
  error: { en: 'error', 'pt-BR': 'erro' },
  warning: { en: 'warning', 'pt-BR': 'aviso' },
  line: { en: 'line {line}', 'pt-BR': 'linha {line}' },
  model: { en: '{mode}\tdata {version}', 'pt-BR': '{mode}\tdados {version}' },
  rows: { en: '{rows} rows', 'pt-BR': '{rows} linhas' },
  identical: { en: 'identical', 'pt-BR': 'idêntico' },
  different: {
    en: 'different\t{sha256}, expected {expected}',
    'pt-BR': 'diferente\t{sha256}, esperado {expected}',
  },
} as const satisfies Record<string, Sentence>;

export type TextName = keyof typeof texts;

export function say(name: TextName, locale: Locale, parameters: Parameters = {}): string {
  return render(texts[name], parameters, locale);
}
