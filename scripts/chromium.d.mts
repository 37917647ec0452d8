/** Path of Chromium, or undefined. `KAFER_CHROMIUM` names another one. */
export function findChromium(): string | undefined;
/** Like {@link findChromium}, after installing Debian's package where that is possible; throws when there is none. */
export function ensureChromium(log: (line: string) => void): string;
