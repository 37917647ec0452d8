// Finds the browser that the end-to-end tests drive, and installs the system's where it is missing and allowed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const otherPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of Chromium, or undefined. `KAFER_CHROMIUM` names another one. */
export function findChromium() {
  const asked = process.env.KAFER_CHROMIUM;
  if (asked !== undefined && asked !== '') return existsSync(asked) ? asked : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...otherPlaces].find(
    (path) => existsSync(path),
  );
}

/** Like {@link findChromium}, after installing Debian's package where that is possible; throws when there is none. */
export function ensureChromium(log) {
  const found = findChromium();
  if (found !== undefined) return found;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...command) =>
    spawnSync(command[0], command.slice(1), {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  if (spawnSync('apt-get', ['--version']).status === 0) {
    log('Installing Chromium from the system’s packages (once) …');
    run(...asRoot, 'apt-get', 'update', '-qq');
    run(...asRoot, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium');
  }
  const installed = findChromium();
  if (installed === undefined) {
    throw new Error(
      'The browser tests need Chromium, and it could not be installed. Install it (Debian: apt-get install chromium), or name one in KAFER_CHROMIUM.',
    );
  }
  return installed;
}
