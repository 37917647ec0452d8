import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyDictionary, growDictionary } from '../../src/features/dictionary.ts';

const column = fc.constantFrom('a', 'b', '__proto__', 'constructor');
const seen = fc.array(fc.tuple(column, fc.array(fc.string(), { maxLength: 6 })), { maxLength: 3 });

test('a dictionary only ever grows at its end, without repetition, in an order that the data alone decides', () => {
  fc.assert(
    fc.property(fc.array(seen, { maxLength: 6 }), (uploads) => {
      let dictionary = emptyDictionary;
      for (const upload of uploads) {
        const values = Object.fromEntries(upload);
        const grown = growDictionary(dictionary, values);
        for (const [name, known] of Object.entries(dictionary.columns))
          expect(grown.columns[name]?.slice(0, known.length)).toEqual(known);
        for (const [name, given] of Object.entries(values)) {
          const levels = grown.columns[name] ?? [];
          expect(new Set(levels).size).toBe(levels.length);
          expect(given.every((value) => levels.includes(value))).toBe(true);
        }
        const shuffled = Object.fromEntries(upload.map(([name, list]) => [name, [...list].reverse()]));
        expect(growDictionary(dictionary, shuffled)).toEqual(grown);
        expect(growDictionary(grown, values)).toEqual(grown);
        dictionary = grown;
      }
    }),
  );
});
