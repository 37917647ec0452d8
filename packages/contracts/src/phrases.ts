import type { Sentence } from './locale.ts';

/** Parameters of sentences that may hold one of the phrases. */
const mayBePhrases: ReadonlySet<string> = new Set(['reason', 'type', 'before', 'after']);

const phrase = (en: string, pt: string): Sentence => ({ en, 'pt-BR': pt });

/** Words that programs give as parameters, as people say them. */
const phrases: ReadonlyMap<string, Sentence> = new Map([
  ['integer', phrase('whole number', 'número inteiro')],
  ['number', phrase('number', 'número')],
  ['boolean', phrase('yes or no', 'sim ou não')],
  ['date', phrase('date', 'data')],
  ['timestamp', phrase('date with time', 'data com hora')],
  ['text', phrase('text', 'texto')],
  ['too many columns', phrase('it has more cells than the header', 'tem mais células que o cabeçalho')],
  ['missing columns', phrase('it has fewer cells than the header', 'tem menos células que o cabeçalho')],
  ['unquoted value', phrase('a quotation mark is not closed', 'uma aspa não foi fechada')],
  ['line size over maximum', phrase('it is too long', 'é longa demais')],
  ['invalid encoding', phrase('its characters are damaged', 'os caracteres estão danificados')],
  ['it is empty', phrase('it is empty', 'está vazio')],
  ['it is not text', phrase('it is not text', 'não é texto')],
  ['it is protected by a password', phrase('it is protected by a password', 'está protegido por senha')],
  [
    'its quotation marks do not fit together',
    phrase('its quotation marks do not fit together', 'as aspas não combinam'),
  ],
  [
    'it is an Excel workbook in the old .xls format or with a password',
    phrase(
      'it is an Excel workbook in the old .xls format or with a password',
      'é uma planilha do Excel no formato antigo .xls ou com senha',
    ),
  ],
  [
    'the archive does not hold one file',
    phrase('the archive does not hold just one file', 'o arquivo compactado não contém um só arquivo'),
  ],
]);

/** A parameter's value in a sentence: a phrase in its language, or itself. */
export function phraseOf(parameter: string, value: string): Sentence | undefined {
  return mayBePhrases.has(parameter) ? phrases.get(value) : undefined;
}
