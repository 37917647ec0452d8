import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible, expectNoSidewaysScroll, launchBrowser, openPage } from './browser.ts';
import { RunningKaefer } from './running-kaefer.ts';
import { stopAtFirstFailure } from './stop-at-first-failure.ts';

const patientMs = 240_000;
const token = 'a token of the test';

/** Rows of a part's check; the warm ones fail. */
function csvOf(from: number, count: number): string {
  const rows = Array.from({ length: count }, (_, row) => {
    const heat = 150 + (((from + row) * 7919) % 60);
    return `P${from + row};${heat},5;${heat > 180 ? 'sim' : 'não'}`;
  });
  return `peça;calor;falhou\n${rows.join('\n')}\n`;
}

const fileOf = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

describe('files that come by themselves', () => {
  let kaefer: RunningKaefer;
  let browser: Browser;
  let page: Page;
  let plant: Server;
  let isBroken = false;

  stopAtFirstFailure();
  beforeAll(async () => {
    plant = createServer((_request, response) => {
      if (isBroken) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': 'text/csv' }).end(csvOf(0, 200));
    });
    await new Promise<void>((resolve) => plant.listen(0, '127.0.0.1', resolve));
    const settings = { KAFER_INTAKE_HOSTS: '127.0.0.1', KAFER_TOKEN: token };
    [kaefer, browser] = await Promise.all([RunningKaefer.start({ demo: false, settings }), launchBrowser()]);
    const created = await fetch(`${kaefer.address}/api/v1/projects`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Estampagem', task: 'binary', target: 'falhou', key: 'peça' }),
    });
    expect(created.status).toBe(201);
    page = await openPage(browser, { language: 'pt-BR' });
    page.setDefaultTimeout(patientMs);
    await page.goto(kaefer.signInLink);
  });
  afterAll(async () => {
    await page?.close();
    await browser?.close();
    await kaefer?.stop();
    plant?.close();
  });

  test('a place is added from the settings, with what is wrong said at its field', async () => {
    await page.goto(`${kaefer.address}/projects/estampagem/settings`);
    await page.getByRole('region').or(page.locator('main')).first().waitFor();
    await page.locator('a[href="/projects/estampagem/feeds"]').click();
    await page.getByText('Nenhum arquivo chega sozinho ainda').waitFor();
    await expectAccessible(page, 'no feeds');
    await page.getByRole('button', { name: 'Acrescentar um lugar' }).click();
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByText('Comece com letra minúscula', { exact: false }).waitFor();
    await page.getByLabel('Nome', { exact: true }).fill('diario');
    await page.getByLabel('Endereço', { exact: true }).fill('http://10.0.0.1/parts.csv');
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByText('KAFER_INTAKE_HOSTS', { exact: false }).last().waitFor();
    await expectAccessible(page, 'a host that is not allowed');
    const { port } = plant.address() as AddressInfo;
    await page.getByLabel('Endereço', { exact: true }).fill(`http://127.0.0.1:${port}/junho.csv`);
    await page.getByRole('button', { name: 'Salvar' }).click();
    await page.getByRole('heading', { name: 'diario' }).waitFor();
  });

  test('what it brings waits on the Train screen with its origin, and what is in the way is shown there', async () => {
    await page.goto(`${kaefer.address}/projects/estampagem/train`);
    await page.getByText('junho.csv').first().waitFor();
    await page.getByText('Chegou sozinho: diario').waitFor();
    await page.getByText('A próxima busca é em', { exact: false }).waitFor();
    await expectAccessible(page, 'a file that came by itself');
    isBroken = true;
    await page.goto(`${kaefer.address}/projects/estampagem/feeds`);
    await page.getByRole('button', { name: 'Buscar agora: diario' }).click();
    await page.getByText('O servidor não conhece', { exact: false }).first().waitFor();
    await expectAccessible(page, 'a feed that fails');
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page, 'feeds on a phone');
    await page.goto(`${kaefer.address}/projects/estampagem/train`);
    await page.getByText('Arquivos deveriam chegar sozinhos, mas algo impede').waitFor();
    await expectNoSidewaysScroll(page, 'Train on a phone');
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  test('several files are sent in the order of their names, and a bad one hides no other', async () => {
    await page
      .locator('input[type=file]')
      .setInputFiles([
        fileOf('parte 10.csv', csvOf(1000, 50)),
        fileOf('parte 2.csv', csvOf(900, 50)),
        fileOf('parte 1.csv', 'a;b\n1;2\n'),
      ]);
    await page.getByRole('heading', { name: 'parte 10.csv' }).waitFor();
    const titles = await page.getByRole('heading', { level: 2, name: /\.csv$/ }).allTextContents();
    expect(titles).toEqual(['junho.csv', 'parte 1.csv', 'parte 2.csv', 'parte 10.csv']);
    await page.getByText('na ordem acima', { exact: false }).waitFor();
    await page.goto(`${kaefer.address}/projects/estampagem/feeds`);
    await page.getByRole('button', { name: 'Remover: diario' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Remover' }).click();
    await page.getByText('Nenhum arquivo chega sozinho ainda').waitFor();
  });
});
