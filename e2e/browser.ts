import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { findChromium } from '../scripts/chromium.mjs';

const quietly = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('Chromium is not there; npm test installs it');
  return chromium.launch({ executablePath, args: quietly });
}

export interface PageOptions {
  readonly language?: 'en-GB' | 'pt-BR';
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/** A page of a new person, which fails the test when its console tells of an error. */
export async function openPage(
  browser: Browser,
  { language = 'en-GB', colorScheme = 'light', width = 1280 }: PageOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale: language,
    colorScheme,
    viewport: { width, height: 900 },
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser itself logs every refused request; those are looked at where they are provoked.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  page.on('close', () => expect(complaints).toEqual([]));
  return page;
}

/** No violation that axe can find, on the page as it stands. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(async (): Promise<AxeResults> => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  });
  const found = results.violations.map(
    ({ id, help, nodes }) =>
      `${where}: ${id} (${help}): ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`,
  );
  expect(found).toEqual([]);
}

/** The page is no wider than the screen. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow, `${where} scrolls sideways`).toBe(0);
}
