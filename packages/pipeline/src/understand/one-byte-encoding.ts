import { blocksOf } from '../lake/file-blocks.ts';

/** Bytes that Windows-1252 gives no character. */
const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Control characters that texts hold. */
const textControls = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1a]);
/** More whole UTF-8 characters than one in so many other high bytes, and the file is UTF-8 with some damage. */
const chanceOfUtf8 = 10;

/**
 * Bytes that are letters with accents in DOS's code page 850 and no letters in Windows-1252, where they do not stand within words:
 * ü, é, â, ä, ç, ê, ë, í, ó, ú, ñ.
 */
const lettersOfDos = new Set([0x81, 0x82, 0x83, 0x84, 0x87, 0x88, 0x89, 0xa1, 0xa2, 0xa3, 0xa4]);
/** Ç in code page 850, which follows no small letter, and € in Windows-1252. */
const capitalCedilla = 0x80;
/** ã in code page 850, and Æ in Windows-1252, which does not follow a small letter. */
const smallTilde = 0xc6;
/** õ in code page 850, and ä in Windows-1252. */
const letterOfBoth = 0xe4;

const isSmallLetter = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;
const isLetter = (byte: number): boolean => isSmallLetter(byte | 0x20);

/** What the bytes of a file that is not UTF-8 are like. */
interface HighBytes {
  /** Sequences that are whole characters of UTF-8, and bytes above 0x7f that belong to none. */
  readonly utf8: number;
  readonly others: number;
  /** Whether a character of UTF-8 is cut off by the file's end. */
  readonly isCut: boolean;
  /** Whether some have no character in Windows-1252. */
  readonly areUnassigned: boolean;
  /** Within words: letters of code page 850 alone, and of Windows-1252 alone. */
  readonly dosLetters: number;
  readonly windowsLetters: number;
}

/**
 * The encoding of one byte a character that a file which is not UTF-8 is in: code page 850 (DOS, as old plant systems write),
 * where letters of it stand within words and none that only Windows-1252 has; else Windows-1252, where its bytes can be that.
 * undefined: neither; high bytes that form UTF-8 characters are UTF-8 with damage, and a character that the file's end cuts off is
 * damage, too.
 */
export function findOneByteEncoding(path: string): 'ibm850' | 'windows-1252' | undefined {
  const bytes = lookAtHighBytes(path);
  if (bytes === undefined || bytes.isCut || bytes.others <= bytes.utf8 * chanceOfUtf8) return undefined;
  if (bytes.dosLetters > 0 && bytes.windowsLetters === 0) return 'ibm850';
  return bytes.areUnassigned ? undefined : 'windows-1252';
}

/** undefined: there are control characters, so that it is no text. */
function lookAtHighBytes(path: string): HighBytes | undefined {
  let [utf8, others, dosLetters, windowsLetters] = [0, 0, 0, 0];
  let areUnassigned = false;
  let expected = 0; // bytes that the character under way still needs
  let pending = 0; // its bytes so far
  let [before, last] = [0, 0]; // the two bytes before
  for (const bytes of blocksOf(path)) {
    for (const byte of bytes) {
      // Of the byte before it is known now what stands on both of its sides.
      if (last >= 0x80 && isLetter(before)) {
        const isWithinWord = isLetter(byte) || byte >= 0x80;
        const followsSmall = isSmallLetter(before);
        const isOfDos = lettersOfDos.has(last) || (last === capitalCedilla && !followsSmall);
        if ((isOfDos && isWithinWord) || (last === smallTilde && followsSmall)) dosLetters++;
        else if (last >= 0xc0 && last !== letterOfBoth && followsSmall && isSmallLetter(byte))
          windowsLetters++;
      }
      [before, last] = [last, byte];
      if (byte < 0x80) {
        if (byte < 0x20 && !textControls.has(byte)) return undefined;
        others += pending;
        [expected, pending] = [0, 0];
        continue;
      }
      if (unassigned.has(byte) && expected === 0) areUnassigned = true;
      const continues = (byte & 0xc0) === 0x80;
      if (expected > 0 && continues) {
        pending++;
        if (--expected === 0) {
          utf8++;
          pending = 0;
        }
        continue;
      }
      others += pending;
      expected = continues ? 0 : byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc2 ? 1 : 0;
      pending = expected > 0 ? 1 : 0;
      if (expected === 0) others++;
    }
  }
  return { utf8, others: others + pending, isCut: pending > 1, areUnassigned, dosLetters, windowsLetters };
}

/** The characters of code page 850 from 0x80 on. */
const ibm850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ' +
  'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
  '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀' +
  'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0';

export function decodeIbm850(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  return text.replaceAll(/[\x80-\xff]/g, (character) => ibm850.charAt(character.charCodeAt(0) - 0x80));
}

/** What code page 850 does not have is a question mark. */
export function encodeIbm850(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    if (character < '\x80') return character.charCodeAt(0);
    const place = ibm850.indexOf(character);
    return place < 0 ? 0x3f : place + 0x80;
  });
}
