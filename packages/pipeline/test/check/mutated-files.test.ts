import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { severityOf } from '@kaefer/contracts';
import { UploadFolder } from '../../src/lake/layout.ts';
import { randomStream, testFolder, writeFileIn } from '../workspace.ts';
import { checkFirstFile, type ProjectFacts } from './check-first-file.ts';

// Damaged files: each is checked or refused, never more. `KAFER_FUZZ_FILES=100000` makes the long form.

const corpus = fileURLToPath(new URL('../check-corpus/', import.meta.url));
const count = Number(process.env['KAFER_FUZZ_FILES'] ?? 300);
const seed = Number(process.env['KAFER_FUZZ_SEED'] ?? 20_261_123);
const largest = 100_000; // bytes of a file that is worth many copies

interface Original {
  readonly project: ProjectFacts;
  readonly bytes: Buffer;
}

const originals = readdirSync(corpus)
  .filter((name) => !/\.(json|py)$/.test(name))
  .map((name): Original => {
    const beside = readFileSync(join(corpus, `${name.split('.')[0]}.expected.json`), 'utf8');
    const { project } = JSON.parse(beside) as Pick<Original, 'project'>;
    return { project, bytes: readFileSync(join(corpus, name)) };
  })
  .filter(({ bytes }) => bytes.length > 0 && bytes.length < largest);

/** A copy with some bytes changed, a part cut out, doubled or moved into another file. */
function mutated(random: () => number): Original {
  const pick = (limit: number): number => Math.floor(random() * limit);
  const original = originals[pick(originals.length)] as Original;
  return { ...original, bytes: damaged(original.bytes, pick) };
}

function damaged(original: Buffer, pick: (limit: number) => number): Buffer {
  const bytes = Buffer.from(original);
  const [from, length] = [pick(bytes.length), 1 + pick(64)];
  switch (pick(5)) {
    case 0:
      return bytes.subarray(0, from);
    case 1:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, from + length), bytes.subarray(from)]);
    case 3: {
      const { bytes: other } = originals[pick(originals.length)] as Original;
      return Buffer.concat([bytes.subarray(0, from), other.subarray(pick(other.length))]);
    }
    default:
      for (let changes = 1 + pick(8); changes > 0; changes--) bytes[pick(bytes.length)] = pick(256);
      return bytes;
  }
}

describe('damaged files', () => {
  test(`${count} of them are checked or refused`, async () => {
    const random = randomStream(seed);
    const folder = new UploadFolder(join(testFolder(), 'upload'));
    const statuses = { valid: 0, invalid: 0 };
    for (let file = 0; file < count; file++) {
      const { project, bytes } = mutated(random);
      writeFileIn(folder.path, 'received.csv', bytes);
      const report = await checkFirstFile(folder, project).catch((error: unknown) => {
        throw new Error(`file ${file} of seed ${seed}`, { cause: error });
      });
      statuses[report.status]++;
      expect(report.status === 'invalid', `file ${file}`).toBe(
        report.problems.some((problem) => severityOf(problem) === 'error'),
      );
      const { total, new: added, rejected } = report.rows;
      if (report.status === 'valid') expect(added + rejected, `file ${file}`).toBe(total);
      const left = readdirSync(folder.path).filter((name) => name.startsWith('decoded'));
      expect(left, `file ${file}`).toEqual([]);
    }
    expect(statuses.valid).toBeGreaterThan(0);
    expect(statuses.invalid).toBeGreaterThan(0);
  }, 0);
});
