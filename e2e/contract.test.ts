import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, launchBrowser, openPage } from './browser.ts';
import { RunningKaefer } from './running-kaefer.ts';
import { stopAtFirstFailure } from './stop-at-first-failure.ts';

const patientMs = 240_000;
/** Where pictures of the screens go, for those who want to look at them. */
const pictures = process.env['KAFER_E2E_PICTURES'];

const partsCsv = (from: number, rows: number, name = 'width'): string =>
  [
    `part,${name},machine,failed`,
    ...Array.from(
      { length: rows },
      (_, row) =>
        `P${from + row},${((row * 7) % 100) / 10},${['A', 'B', 'C'][row % 3]},${row % 4 === 0 ? 'yes' : 'no'}`,
    ),
  ].join('\n');
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

describe('the contract on the Data screen', () => {
  let kaefer: RunningKaefer;
  let browser: Browser;
  let page: Page;

  stopAtFirstFailure();
  beforeAll(async () => {
    [kaefer, browser] = await Promise.all([RunningKaefer.start({ demo: false }), launchBrowser()]);
    page = await openPage(browser);
    page.setDefaultTimeout(patientMs);
    await page.goto(kaefer.signInLink);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const creation = { name: 'parts', task: 'binary', target: 'failed', key: 'part' };
    const made = await page.request.post(`${kaefer.address}/api/v1/projects`, {
      data: creation,
      headers: { origin: kaefer.address },
    });
    expect(made.status(), await made.text()).toBe(201);
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
    await kaefer?.stop();
  });

  const send = async (name: string, text: string): Promise<void> => {
    await page.goto(`${kaefer.address}/projects/parts/train`);
    await page.locator('input[type=file]').setInputFiles(file(name, text));
    await page.getByRole('heading', { name, exact: true }).waitFor();
  };
  const picture = async (of: Page, name: string): Promise<void> => {
    if (pictures === undefined) return;
    mkdirSync(pictures, { recursive: true });
    await of.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };

  test('is inferred from the first file', async () => {
    await send('june.csv', partsCsv(0, 300));
    await page.goto(`${kaefer.address}/projects/parts/data`);
    await page.getByText('Version 1, inferred by Käfer from the first file.').waitFor();
    expect(await page.getByLabel('width: To', { exact: true }).inputValue()).toBe('19.8');
    expect(await page.getByLabel('part: Type', { exact: true }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save the contract' }).isDisabled()).toBe(true);
    await expectAccessible(page, 'contract');
    await expectNoSidewaysScroll(page, 'contract');
    await picture(page, 'contract-en-wide');
  });

  test('says where what was typed cannot be saved', async () => {
    await page.getByLabel('width: To', { exact: true }).fill('many');
    await page.getByText('1 field has to be corrected before it can be saved.').waitFor();
    expect(await page.getByRole('button', { name: 'Save the contract' }).isDisabled()).toBe(true);
  });

  test('is edited with a reason, and the file that waits is checked again', async () => {
    await page.getByLabel('width: To', { exact: true }).fill('9.5');
    await page.getByLabel('width: Other names', { exact: true }).fill('largura; Wide');
    await page.getByRole('button', { name: 'width: own rules (0 set)' }).click();
    await page.getByLabel('width: A value is out of range').selectOption('reject_rows');
    await page.getByLabel('Why? (optional)').fill('no part is wider');
    await expectAccessible(page, 'contract with own rules');
    await picture(page, 'contract-rules-en-wide');
    await page.getByRole('button', { name: 'Save the contract' }).click();
    await page.getByText('The contract was saved as version 2. 1 waiting file was checked again.').waitFor();
    await page.getByText(/^Version 2, by /).waitFor();
    await page.getByText('Versions of the contract').click();
    await page.getByText('“no part is wider”').waitFor();
    await page.getByText('Columns changed: width').waitFor();
    await page.goto(`${kaefer.address}/projects/parts/train`);
    await page.getByText('Rows left out: the file can be used without them').waitFor();
    await page
      .getByText(/“9.8” lies outside the range that the contract gives “width” \(0 … 9.5\)/)
      .waitFor();
    await picture(page, 'problems-en-wide');
    await expectAccessible(page, 'problems by the contract');
  });

  test('lets a column be called by another name', async () => {
    await send('july.csv', partsCsv(500, 20, 'LARGURA'));
    const card = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'july.csv', exact: true }) });
    await card.getByText('can be used', { exact: false }).first().waitFor();
    expect(await card.getByText('is missing in the file').count()).toBe(0);
  });

  test('reads well on a phone, in Portuguese and in the dark', async () => {
    await send('damaged.csv', `${partsCsv(900, 20)}\n${'damaged'.repeat(40)}`);
    const state = await page.context().storageState();
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        locale: 'pt-BR',
        colorScheme,
        viewport: { width: 390, height: 844 },
        reducedMotion: 'reduce',
        storageState: state,
      });
      const phone = await context.newPage();
      await phone.goto(`${kaefer.address}/projects/parts/data`);
      await phone.getByText(/^Versão 2, por /).waitFor({ timeout: patientMs });
      await expectNoSidewaysScroll(phone, 'contract on a phone');
      await expectAccessible(phone, `contract on a phone, ${colorScheme}`);
      await picture(phone, `contract-pt-phone-${colorScheme}`);
      await phone.goto(`${kaefer.address}/projects/parts/train`);
      await phone.getByText(/damageddamaged/).waitFor({ timeout: patientMs });
      await expectNoSidewaysScroll(phone, 'a damaged row on a phone');
      await expectAccessible(phone, `a damaged row on a phone, ${colorScheme}`);
      await picture(phone, `damaged-row-pt-phone-${colorScheme}`);
      await context.close();
    }
  });
});
