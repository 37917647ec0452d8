import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopAtFirstFailure } from './stop-at-first-failure.ts';
import { expectAccessible, expectNoSidewaysScroll, launchBrowser, openPage } from './browser.ts';
import { RunningKaefer } from './running-kaefer.ts';

/** The machine may be slow; what is waited for must come, whenever it does. */
const patientMs = 240_000;

describe('the demo, from the printed link to a prediction', () => {
  let kaefer: RunningKaefer;
  let browser: Browser;
  let page: Page;

  stopAtFirstFailure();
  beforeAll(async () => {
    [kaefer, browser] = await Promise.all([RunningKaefer.start({ demo: true }), launchBrowser()]);
    page = await openPage(browser);
    page.setDefaultTimeout(patientMs);
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
    await kaefer?.stop();
  });

  test('without the link nobody gets in', async () => {
    const stranger = await openPage(browser);
    await stranger.goto(kaefer.address);
    await stranger.getByRole('heading', { name: 'Sign in to Käfer' }).waitFor();
    await expectAccessible(stranger, 'sign-in');
    expect((await stranger.request.get(`${kaefer.address}/api/v1/projects`)).status()).toBe(401);
    await stranger.close();
  });

  test('the link signs in, once, and leads home', async () => {
    await page.goto(kaefer.signInLink);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('Simulated data').first().waitFor();
    await page.getByRole('heading', { name: 'In production' }).waitFor();
    await page.getByText('Model 1', { exact: true }).first().waitFor();
    await expectAccessible(page, 'home');
    const second = await openPage(browser);
    await second.goto(kaefer.signInLink);
    await second.getByRole('heading', { name: 'Sign in to Käfer' }).waitFor();
    await second.close();
  });

  test('the keyboard reaches the content and the main screens', async () => {
    await page.getByRole('link', { name: 'Skip to content' }).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    await page.getByRole('link', { name: 'Train', exact: true }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Train' }).waitFor();
    await expectAccessible(page, 'train');
  });

  test('the waiting file is checked before anything changes', async () => {
    await page.getByRole('button', { name: 'Use this file' }).click();
    await page.getByText('Together 10,000 rows in the file.').waitFor();
    // June’s process has changed, and the file says so before anybody retrains.
    await page.getByText(/^The values of “gasket_supplier” differ from those of the data/).waitFor();
    await expectAccessible(page, 'train with a file');
    const lake = (await (
      await page.request.get(`${kaefer.address}/api/v1/projects/road-test-simulated/dataset`)
    ).json()) as { version: number };
    expect(lake.version).toBe(5);
  });

  test('retraining shows its progress and ends in the results', async () => {
    await page.getByRole('button', { name: 'Retrain', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Retrain' }).waitFor();
    await page.getByText('Learning curve', { exact: true }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Results' }).waitFor();
    await page.getByText(/The new model is better.* on [\d,]+ rows that neither has seen/).waitFor();
    await page.getByRole('heading', { name: 'What drives each model' }).waitFor();
    await page
      .getByRole('table', { name: 'The new model is right' })
      .getByText(/ raises$/)
      .first()
      .waitFor();
    await page.getByRole('heading', { name: 'Where it got worse' }).waitFor();
    const parts = page.getByRole('table', { name: 'Where it got worse' }).getByRole('row');
    expect(await parts.count()).toBeGreaterThan(5);
    await page.getByRole('table', { name: 'How the new data differs' }).waitFor();
    expect(await page.getByText(/^0 of [\d,]+ test rows were in either model’s training data/).count()).toBe(
      1,
    );
    for (const plot of [
      /^ROC curve/,
      /^Precision–recall curve/,
      /^Feature importance/,
      /^Learning curve over/,
      /^Cost by threshold\. Current model \(1\): cheapest at/,
    ]) {
      await page.getByRole('img', { name: plot }).first().waitFor();
    }
    const slider = page.getByRole('slider', { name: 'Threshold' });
    const found = page.getByText(/^New model \(2\): of [\d,]+ test rows with “fail” it finds/);
    const before = await found.innerText();
    await slider.press('Home');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d+\.\d\d%$/);
    expect(await found.innerText()).not.toBe(before);
    expect(await found.innerText()).toContain('misses 0.');
    await expectAccessible(page, 'results');
  });

  test('a person chooses, with a reason', async () => {
    await page
      .getByRole('button', { name: /^Use the new model/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Reason/).fill('finds more of the failures');
    await expectAccessible(page, 'decision');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await page
      .getByText(/Model 2 was put into production|model 2 is in production now/)
      .first()
      .waitFor();
    await page.waitForURL(/\/execute$/);
  });

  test('the chosen model predicts by key, with reasons', async () => {
    await page.getByRole('link', { name: 'Execute', exact: true }).first().click();
    await page.getByText('Predictions come from model 2, in production.').waitFor();
    await page.getByLabel(/^Key/).fill('K26065000007');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Answer for K26065000007' }).waitFor();
    await page.getByText('Probability of “fail”').first().waitFor();
    await page.getByRole('heading', { name: 'Why' }).waitFor();
    await expectAccessible(page, 'execute by key');
    await page.getByLabel(/^Key/).fill('NOT-A-KEY');
    await page.keyboard.press('Enter');
    await page.getByText(/holds no row with the key NOT-A-KEY/).waitFor();
  });

  test('it predicts from the form and for a file', async () => {
    await page.getByRole('tab', { name: 'Form' }).click();
    await expectAccessible(page, 'execute form');
    await page.getByRole('button', { name: 'Predict' }).first().click();
    await page.getByRole('heading', { name: 'Answer' }).waitFor();
    await page.getByRole('tab', { name: 'File' }).click();
    const csv = await page.request.get(
      `${kaefer.address}/api/v1/projects/road-test-simulated/dataset.csv?version=1`,
    );
    const [header, ...rows] = (await csv.text()).trim().split('\n');
    const moonlit = rows.slice(20, 50).map((row) => row.replace(',early,', ',moonlight,'));
    const buffer = Buffer.from(`${[header, ...rows.slice(0, 20), header, ...moonlit].join('\n')}\n`);
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'vehicles.csv', mimeType: 'text/csv', buffer });
    await page.getByText('50 rows scored').waitFor();
    await page.getByText(/The column names stand in the file again, first in line 22/).waitFor();
    await page
      .getByText(/“shift” holds texts that the model never saw in training, such as “moonlight”/)
      .waitFor();
    await expectAccessible(page, 'execute file');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download in the order of the file' }).click(),
    ]);
    const scored = readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(scored).toHaveLength(51);
    expect(scored[0]).toBe(`${header},score,label,model`);
  });

  test('the models and the data tell their history, and go back', async () => {
    await page.getByRole('link', { name: 'Models', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    await page.getByText('finds more of the failures').first().waitFor();
    await expectAccessible(page, 'models');
    await page.getByRole('link', { name: 'Data', exact: true }).first().click();
    await page.getByText(/Merged from vehicles-simulated-2026-06\.csv/).waitFor();
    await page.getByText('Which rows changed').first().click();
    await page.getByText('10,000 rows added, 0 changed, 0 removed.').waitFor();
    await page.getByText('K26065000001', { exact: true }).waitFor();
    await expectAccessible(page, 'data');
  });

  test('a file is taken out of the data again, after being told what that does', async () => {
    const file = 'vehicles-simulated-2026-06.csv';
    await page.getByRole('button', { name: `Undo this file: ${file}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/10,000 rows that it added go\. Model 2 learned from it/).waitFor();
    await expectAccessible(page, 'undo');
    await dialog.getByRole('button', { name: 'Take it out' }).click();
    await page.getByText(`Took ${file} out again.`, { exact: false }).waitFor();
    await page.getByText('10,000 removed, 0 as before').waitFor();
    expect(await page.getByRole('button', { name: `Undo this file: ${file}` }).count()).toBe(0);
    await page.getByRole('link', { name: 'Models', exact: true }).first().click();
    await page.getByText(`Learned from a file that was taken out of the data since: ${file}.`).waitFor();
    await expectAccessible(page, 'models');
  });

  test.each([
    { language: 'pt-BR', colorScheme: 'dark', width: 390 },
    { language: 'pt-BR', colorScheme: 'light', width: 1280 },
    { language: 'en-GB', colorScheme: 'dark', width: 1280 },
  ] as const)('every screen holds in $language, $colorScheme, $width px', async (options) => {
    const runs = (await (
      await page.request.get(`${kaefer.address}/api/v1/projects/road-test-simulated/runs`)
    ).json()) as { items: { id: string }[] };
    const run = runs.items[0]?.id ?? '';
    const project = '/projects/road-test-simulated';
    const context = await browser.newContext({
      locale: options.language,
      colorScheme: options.colorScheme,
      viewport: { width: options.width, height: 844 },
      reducedMotion: 'reduce',
      storageState: await page.context().storageState({ indexedDB: false }),
    });
    const other = await context.newPage();
    await other.addInitScript('localStorage.clear()');
    for (const path of [
      project,
      `${project}/train`,
      `/runs/${run}`,
      `/runs/${run}/results`,
      `${project}/execute`,
      `${project}/models`,
      `${project}/models/2`,
      `${project}/models/compare/1/2`,
      `${project}/data`,
      `${project}/settings`,
      '/projects/new',
    ]) {
      await other.goto(`${kaefer.address}${path}`, { waitUntil: 'networkidle' });
      await other.getByRole('heading', { level: 1 }).waitFor();
      await expectAccessible(other, path);
      await expectNoSidewaysScroll(other, path);
      expect(await other.evaluate('document.documentElement.lang')).toBe(
        options.language === 'pt-BR' ? 'pt-BR' : 'en',
      );
    }
    await context.close();
  });
});
