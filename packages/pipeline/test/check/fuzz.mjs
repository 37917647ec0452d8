// The long form of mutated-files.test.ts: damaged files, and known tables in random dialects, in parts with a seed each.
//   node packages/pipeline/test/check/fuzz.mjs [--files 100000] [--part 10000] [--seed 201] [--parallel 2]
// A crash, a hang, a wrong value or a file neither checked nor refused ends it with 1, and is printed. fuzz.json beside this
// file has what the parts that ended well have looked at.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    part: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '201' },
    parallel: { type: 'string', default: '2' },
  },
});
const [files, part, firstSeed, parallel] = [values.files, values.part, values.seed, values.parallel].map(
  Number,
);
if (![files, part, firstSeed, parallel].every((number) => Number.isInteger(number) && number > 0))
  throw new Error('--files, --part, --seed and --parallel are whole numbers above 0');

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const test = fileURLToPath(new URL('./mutated-files.test.ts', import.meta.url));
const seeds = Array.from({ length: Math.ceil(files / part) }, (_, index) => firstSeed + index);
const counted = { files: 0, valid: 0, invalid: 0, readBack: 0 };

/** Nothing that is written is kept: in memory, where there is such a folder, nobody waits for a disk. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

async function runPart(seed) {
  const env = {
    ...process.env,
    TMPDIR: scratch,
    KAFER_FUZZ_FILES: String(part),
    KAFER_FUZZ_SEED: String(seed),
    NO_COLOR: '1',
  };
  const child = spawn('npx', ['vitest', 'run', test], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
      for (const [line] of String(chunk).matchAll(/\d+ files of seed \d+/g)) console.log(line);
    });
  const [code] = await once(child, 'close');
  const [, counts] = /FUZZ (\{.*\})/.exec(said) ?? [];
  if (code !== 0 || counts === undefined)
    throw new Error(`seed ${seed} found something:\n${said.slice(-5000)}`);
  const { valid, invalid, readBack } = JSON.parse(counts);
  counted.files += part;
  counted.valid += valid;
  counted.invalid += invalid;
  counted.readBack += readBack;
}

const startedAt = performance.now();
await Promise.all(
  Array.from({ length: parallel }, async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      await runPart(seed);
      record();
    }
  }),
);

/** What the parts that have ended looked at. */
function record() {
  const counts = {
    measuredAt: new Date().toISOString(),
    firstSeed,
    filesOfASeed: part,
    ...counted,
    minutes: Math.round((performance.now() - startedAt) / 60_000),
  };
  writeFileSync(new URL('./fuzz.json', import.meta.url), `${JSON.stringify(counts, null, 2)}\n`);
  console.log(counts);
}
