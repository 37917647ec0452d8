import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopAtFirstFailure } from './stop-at-first-failure.ts';
import { expectAccessible, expectNoSidewaysScroll, launchBrowser, openPage } from './browser.ts';
import { RunningKaefer } from './running-kaefer.ts';

const patientMs = 240_000;

/** The rows of three reports on the same vehicles; the loose ones fail. The same at every run. */
function reportsOf(from: number, count: number): Record<'passagens' | 'medidas' | 'falhas', string> {
  const knrs = Array.from({ length: count }, (_, place) => from + place);
  const torque = (knr: number): number => 20 + ((knr * 7919) % 1000) / 100;
  const failed = (knr: number): boolean => torque(knr) < 23 && knr % 7 !== 0;
  const table = (header: string, lines: string[]): string => `${header}\n${lines.join('\n')}\n`;
  return {
    passagens: table(
      'knr;posto;hora',
      knrs.flatMap((knr) => [
        `${knr};P1;01/03/2026 06:00:00`,
        `${knr};P2;01/03/2026 06:${10 + (knr % 50)}:00`,
      ]),
    ),
    medidas: table(
      'knr;nome;valor',
      knrs.flatMap((knr) => [
        `${knr};torque;${torque(knr).toFixed(2).replace('.', ',')}`,
        `${knr};umidade;${40 + (knr % 30)},5`,
      ]),
    ),
    falhas: table(
      'knr;defeito',
      knrs.filter(failed).map((knr) => `${knr};ruído`),
    ),
  };
}

const files = (reports: Record<string, string>) =>
  Object.entries(reports).map(([name, text]) => ({
    name: `${name}.csv`,
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  }));

const recipe = `SELECT knr, date_diff('minute', min(hora), max(hora)) AS minutos,
  max(valor) FILTER (nome = 'torque') AS torque,
  max(valor) FILTER (nome = 'umidade') AS umidade,
  CASE WHEN knr IN (SELECT knr FROM falhas) THEN 'falha' ELSE 'ok' END AS resultado
FROM passagens JOIN medidas USING (knr)
GROUP BY knr`;

describe('a project from several reports', () => {
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

  test('is made of a file of each, with their keys', async () => {
    await page.goto(`${kaefer.address}/projects/new`);
    await page.getByRole('button', { name: 'Começar com vários relatórios' }).click();
    await page.locator('input[type=file]').setInputFiles(files(reportsOf(1000, 600)));
    for (const [report, column] of [
      ['passagens.csv', 'posto'],
      ['medidas.csv', 'nome'],
      ['falhas.csv', 'defeito'],
    ] as const) {
      const fields = page.getByRole('group', { name: report });
      const key = fields.getByRole('combobox', { name: 'Colunas da chave' });
      await key.waitFor();
      if (report !== 'falhas.csv') {
        await key.click();
        await page.getByRole('option', { name: 'knr', exact: true }).locator('visible=true').click();
        await page.getByRole('option', { name: column, exact: true }).locator('visible=true').click();
        await page.keyboard.press('Escape');
      }
    }
    await page.getByRole('button', { name: 'Criar e escrever a receita' }).click();
    expect(await page.getByText('Isto é necessário.').count()).toBe(3);
    await expectAccessible(page, 'several reports');
    await page.getByRole('textbox', { name: 'Nome do projeto' }).fill('Teste de rodagem');
    await page.getByRole('textbox', { name: 'Nome da coluna do resultado' }).fill('resultado');
    await page.getByRole('textbox', { name: 'Resultado a procurar' }).fill('falha');
    await page.getByRole('textbox', { name: 'Nome da coluna-chave' }).fill('knr');
    await page.getByRole('button', { name: 'Criar e escrever a receita' }).click();
    await page.getByRole('heading', { level: 1, name: 'Relatórios e receita' }).waitFor();
  });

  test('its recipe is tried on the files that wait, and says what is wrong', async () => {
    const sql = page.getByRole('textbox', { name: 'Receita', exact: true });
    await sql.fill(`SELECT knr, random() AS x, 'ok' AS resultado FROM passagens`);
    await page.getByRole('button', { name: 'Experimentar' }).click();
    await page.getByText('A receita usa “random”.').waitFor();
    await page.getByRole('button', { name: 'Salvar a receita' }).click();
    await page.getByText('Nada foi alterado.').waitFor();
    await expectAccessible(page, 'recipe refused');
    await sql.fill(recipe);
    await page.getByRole('button', { name: 'Experimentar' }).click();
    await page.getByText('Ao todo 600 linhas na tabela de treino.').waitFor();
    await page.getByText('Com 3 arquivos conferidos que esperam o próximo retreino.').waitFor();
    await page.getByText('As primeiras linhas').click();
    await page.getByRole('columnheader', { name: /torque/ }).waitFor();
    await expectAccessible(page, 'recipe');
    await expectNoSidewaysScroll(page, 'recipe');
    await page.getByRole('button', { name: 'Salvar a receita' }).click();
    await page.getByText('A receita foi salva. Vale a partir do próximo retreino.').waitFor();
  });

  test('retrains on the reports together, and the model predicts', async () => {
    await page.getByRole('link', { name: 'Treinar', exact: true }).first().click();
    await page.getByText('O que a receita produz').waitFor();
    await page.getByText('Ao todo 600 linhas na tabela de treino.').waitFor();
    await expectAccessible(page, 'train on reports');
    const card = page.locator('section', {
      has: page.getByRole('heading', { name: 'passagens: passagens.csv' }),
    });
    await card.locator('summary', { hasText: 'Corrigir como o arquivo é lido' }).click();
    await card.getByRole('combobox', { name: 'Datas como 01/02/2026' }).click();
    await page.getByRole('option', { name: 'primeiro o dia' }).locator('visible=true').click();
    await expectAccessible(page, 'correcting how a file is read');
    await expectNoSidewaysScroll(page, 'correcting how a file is read');
    await card.getByRole('button', { name: 'Ler de novo: passagens.csv' }).click();
    await page.getByText('passagens.csv foi lido de novo.').waitFor();
    await card.locator('summary', { hasText: 'O que o Käfer entendeu' }).click();
    await card.getByText('Como você disse para este projeto').waitFor();
    await page.getByText('Ao todo 600 linhas na tabela de treino.').waitFor();
    await page.getByRole('button', { name: 'Retreinar', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Resultados' }).waitFor();
    await page
      .getByRole('button', { name: /^Pôr este modelo em produção/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('button', { name: 'Confirmar' }).click();
    await page.getByRole('heading', { level: 1, name: 'Executar' }).waitFor();
    await page.getByLabel('Chave (knr)').fill('1005');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Resposta para 1005' }).waitFor();
  });

  test('takes the next reports in any order, tells them itself, and one can be undone', async () => {
    await page.getByRole('link', { name: 'Treinar', exact: true }).first().click();
    const { falhas, passagens, medidas } = reportsOf(1500, 200);
    await page.locator('input[type=file]').setInputFiles(files({ falhas, medidas, passagens }));
    await page.getByText('Ao todo 700 linhas na tabela de treino.').waitFor();
    await page.getByRole('button', { name: 'Retreinar', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Resultados' }).waitFor();
    await expectAccessible(page, 'results of reports');
    await page.getByRole('link', { name: 'Dados', exact: true }).first().click();
    await page.getByRole('button', { name: 'Desfazer este arquivo: falhas.csv' }).first().click();
    await page.getByRole('dialog').getByText('a tabela de treino acompanha no próximo retreino').waitFor();
    await expectAccessible(page, 'undoing a report');
    await page.getByRole('dialog').getByRole('button', { name: 'Tirar dos dados' }).click();
    await page
      .getByText('falhas.csv foi desfeito. A tabela de treino acompanha no próximo retreino.')
      .waitFor();
    await page.getByText('desfeito', { exact: true }).waitFor();
    await expectAccessible(page, 'data of reports');
  });

  test.each([
    { colorScheme: 'dark', width: 390 },
    { colorScheme: 'dark', width: 1280 },
  ] as const)('every screen of it holds in $colorScheme, $width px', async ({ colorScheme, width }) => {
    const context = await browser.newContext({
      locale: 'en-GB',
      colorScheme,
      viewport: { width, height: 844 },
      reducedMotion: 'reduce',
      storageState: await page.context().storageState({ indexedDB: false }),
    });
    const other = await context.newPage();
    await other.addInitScript('localStorage.clear()');
    for (const screen of ['train', 'recipe', 'data', 'settings']) {
      const path = `/projects/teste-de-rodagem/${screen}`;
      await other.goto(`${kaefer.address}${path}`, { waitUntil: 'networkidle' });
      await other.getByRole('heading', { level: 1 }).waitFor();
      await expectAccessible(other, path);
      await expectNoSidewaysScroll(other, path);
    }
    await context.close();
  });
});
