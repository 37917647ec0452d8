import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeIbm850, encodeIbm850, findOneByteEncoding } from '../../src/understand/one-byte-encoding.ts';
import { testFolder, writeFileIn } from '../workspace.ts';

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

function found(bytes: Uint8Array): string | undefined {
  return findOneByteEncoding(writeFileIn(join(testFolder(), 'e'), 'f.csv', bytes));
}

test('code page 850 is written as it is read, every byte of it', () => {
  const text = decodeIbm850(everyByte);
  expect(new Set(text).size).toBe(256);
  expect(encodeIbm850(text)).toEqual(everyByte);
  expect(decodeIbm850(Uint8Array.of(0x87, 0xc6, 0x6f, 0x90, 0xe4, 0xa0))).toBe('çãoÉõá');
  expect(encodeIbm850('€ “x”')).toEqual(Uint8Array.from('? ?x?', (character) => character.charCodeAt(0)));
});

test.each([
  'inspeção',
  'não;sim',
  'manhã;tarde',
  'SITUAÇÃO',
  'três',
  'saúde',
  'Muñoz',
  'Müller',
  'país',
  'código',
])('“%s” is told from its bytes in Windows-1252 and in code page 850', (word) => {
  const line = `id;${word};1\n`;
  expect(found(encodeIbm850(line))).toBe('ibm850');
  expect(found(Buffer.from(line, 'latin1'))).toBe('windows-1252');
});

test.each([
  '50 €',
  'don’t',
  'a “word” – and … more',
  '2º turno',
  '5 µm ±1 °C',
  'Æon',
  'naïve‡',
  'grün',
  'l’été',
])('“%s” in Windows-1252 is not taken for code page 850', (text) => {
  const signs: Readonly<Record<string, number>> = {
    '€': 0x80,
    '’': 0x92,
    '“': 0x93,
    '”': 0x94,
    '–': 0x96,
    '…': 0x85,
    '‡': 0x87,
  };
  const bytes = Uint8Array.from(`id;${text};1\n`, (character) => signs[character] ?? character.charCodeAt(0));
  expect(found(bytes)).toBe('windows-1252');
});
