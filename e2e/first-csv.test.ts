import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopAtFirstFailure } from './stop-at-first-failure.ts';
import { expectAccessible, launchBrowser, openPage } from './browser.ts';
import { RunningKaefer } from './running-kaefer.ts';

const patientMs = 240_000;

/**
 * Parts with a measured width; wide and hot ones fail more often, and are scrapped. Simulated, and the same at every run.
 */
function partsCsv(from: number, rows: number): string {
  let state = 12_345 + from;
  const uniform = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return ((state >>> 8) % 100_000) / 100_000;
  };
  const lines = Array.from({ length: rows }, (_, index) => {
    const [width, heat, machine] = [
      uniform() * 10,
      uniform() * 100,
      ['A', 'B', 'C'][Math.floor(uniform() * 3)],
    ];
    const failed = uniform() < (width > 6 && heat > 50 ? 0.7 : 0.08);
    return `P${String(from + index).padStart(5, '0')},${width.toFixed(2)},${heat.toFixed(1)},${machine},${failed ? 'bin 4' : 'none'},${failed ? 'yes' : 'no'}`;
  });
  return `part,width,heat,machine,scrapped_to,failed\n${lines.join('\n')}\n`;
}

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

describe('a project from a first CSV', () => {
  let kaefer: RunningKaefer;
  let browser: Browser;
  let page: Page;

  stopAtFirstFailure();
  beforeAll(async () => {
    [kaefer, browser] = await Promise.all([RunningKaefer.start({ demo: false }), launchBrowser()]);
    page = await openPage(browser, { language: 'pt-BR' });
    page.setDefaultTimeout(patientMs);
    await page.goto(kaefer.signInLink);
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
    await kaefer?.stop();
  });

  test('a file is understood, its target and key are suggested, and the project is made', async () => {
    await page.goto(`${kaefer.address}/projects/new`);
    await page.locator('input[type=file]').setInputFiles(file('pecas.csv', partsCsv(0, 1500)));
    await page.getByText('machine').first().waitFor();
    await expectAccessible(page, 'new project');
    await continueToEnd(page);
    await page.getByRole('heading', { level: 1, name: 'Treinar' }).waitFor();
    await page
      .getByText(/1\.500 linhas/)
      .first()
      .waitFor();
    const { items } = (await (await page.request.get(`${kaefer.address}/api/v1/projects`)).json()) as {
      items: { target: string; key: string; positive: string; name: string }[];
    };
    expect(items).toMatchObject([{ target: 'failed', key: 'part', positive: 'yes', name: 'pecas' }]);
  });

  test('a first file that was understood wrongly is read again as the person says', async () => {
    const nights = Array.from(
      { length: 90 },
      (_, i) => `${i};0${1 + (i % 9)}/02/2026;${i % 3 ? 'não' : 'sim'}`,
    );
    await page.goto(`${kaefer.address}/projects/new`);
    await page
      .locator('input[type=file]')
      .setInputFiles(file('noites.csv', `numero;montado;falhou\n${nights.join('\n')}\n`));
    await page.getByText('01/02/2026').first().waitFor();
    await page.locator('summary', { hasText: 'Corrigir como o arquivo é lido' }).click();
    await page.getByRole('combobox', { name: 'Datas como 01/02/2026' }).click();
    await page.getByRole('option', { name: 'primeiro o mês' }).click();
    await page.getByRole('combobox', { name: 'Colunas que são texto' }).click();
    await page.getByRole('option', { name: 'numero' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Ler de novo: noites.csv' }).click();
    await page.getByText('noites.csv foi lido de novo.').waitFor();
    await page.getByText('Como você disse para este projeto').first().waitFor();
    await expectAccessible(page, 'first file, read again');
    await continueToEnd(page);
    await page.getByRole('heading', { level: 1, name: 'Treinar' }).waitFor();
    const { reading } = (await (
      await page.request.get(`${kaefer.address}/api/v1/projects/noites`)
    ).json()) as { reading: unknown };
    expect(reading).toEqual({ dates: 'month_first', asText: ['numero'] });
    await page.goto(`${kaefer.address}/projects/pecas/train`);
  });

  test('a column that gives the outcome away must be answered for first', async () => {
    const retrain = page.getByRole('button', { name: 'Retreinar', exact: true });
    await page.getByRole('heading', { name: 'Isto é conhecido antes do resultado?' }).waitFor();
    expect(await retrain.isDisabled()).toBe(true);
    await expectAccessible(page, 'question about a column');
    await page.getByRole('button', { name: 'Deixar de fora: scrapped_to' }).click();
    await page.getByText('Os modelos não aprendem com scrapped_to.').waitFor();
    expect(await retrain.isEnabled()).toBe(true);
  });

  test('settings change with a reason, and tell who changed what', async () => {
    await page.goto(`${kaefer.address}/projects/pecas/settings`);
    await page.getByText('Deixadas de fora: scrapped_to').waitFor();
    await page.getByLabel('Um alarme falso custa').fill('1');
    await page.getByText('Preencha os dois custos ou nenhum.').waitFor();
    expect(await page.getByRole('button', { name: 'Salvar as configurações' }).isDisabled()).toBe(true);
    await page.getByLabel('Um perdido custa').fill('12,5');
    await page.getByLabel('Por quê?').first().fill('o retrabalho custa caro');
    await page.getByRole('button', { name: 'Salvar as configurações' }).click();
    await page.getByText('Um alarme falso custa 1, um perdido 12,5').waitFor();
    await page.getByText('“o retrabalho custa caro”').waitFor();
    await expectAccessible(page, 'settings');
    await page.getByRole('link', { name: 'Treinar', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Treinar' }).waitFor();
  });

  test('the first model is trained, shown alone and put into production', async () => {
    await page.getByRole('button', { name: 'Retreinar', exact: true }).click();
    await page.getByText(/Este é o primeiro modelo: em [\d.]+ linhas/).waitFor();
    await expectAccessible(page, 'first results');
    await page
      .getByRole('button', { name: /^Pôr este modelo em produção/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Confirmar' }).click();
    await page.waitForURL(/\/execute$/);
  });

  test('a file that cannot be used is refused with a reason, and the data stays', async () => {
    await page.getByRole('link', { name: 'Treinar', exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Treinar' }).waitFor();
    await page.locator('input[type=file]').setInputFiles(file('sem-alvo.csv', 'part,width\nP1,2\n'));
    await page.getByText(/Falta a coluna-alvo “failed”/).waitFor();
    await expectAccessible(page, 'refused file');
    const { version } = (await (
      await page.request.get(`${kaefer.address}/api/v1/projects/pecas/dataset`)
    ).json()) as { version: number };
    expect(version).toBe(1);
  });
});

/** Goes on through the steps, taking what is suggested, until the project is made. */
async function continueToEnd(page: Page): Promise<void> {
  for (let step = 0; step < 6; step++) {
    const create = page.getByRole('button', { name: /^Criar/ });
    if (await create.isVisible()) return create.click();
    await page
      .getByRole('button', { name: /^Continuar|^Avançar|^Próximo/ })
      .first()
      .click();
  }
  throw new Error('the steps did not end in a button that creates the project');
}
