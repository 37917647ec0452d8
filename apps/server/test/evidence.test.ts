import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { expect, test } from 'vitest';
import { html } from '../src/evidence/html.ts';
import { ApiClient } from './support/api-client.ts';
import { dropColumns, simulateRows, withoutOtherTargets, type Row } from './support/rows.ts';
import { ServerProcess } from './support/server-process.ts';
import { quickTraining, startedServer, token } from './support/started-server.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

type Task = keyof typeof withoutOtherTargets;
const rowsOf = (options: Parameters<typeof simulateRows>[0], task: Task = 'binary'): Row[] =>
  dropColumns(simulateRows(options), withoutOtherTargets[task]);
const wicked = `<script>alert("1")</script>'&`;
const harmless = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;';

async function pageOf(api: ApiClient, run: string, language: 'en' | 'pt-BR' = 'en'): Promise<string> {
  const response = await api.send(`/api/v1/runs/${run}/evidence.html?language=${language}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="evidence-${run}.html"`);
  return response.text();
}

/** What an independent reader finds in the PDF: its title, and the text of each page without its line breaks. */
async function pdfOf(
  api: ApiClient,
  run: string,
  language: 'en' | 'pt-BR' = 'en',
): Promise<{ bytes: Buffer; title: string; language: string; pages: string[] }> {
  const response = await api.send(`/api/v1/runs/${run}/evidence.pdf?language=${language}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/pdf');
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="evidence-${run}.pdf"`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const pdf = await getDocument({ data: new Uint8Array(bytes), verbosity: 0 }).promise;
  const { info } = await pdf.getMetadata();
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str : '')).join(' ').replace(/\s+/g, ' ')); // prettier-ignore
  }
  await pdf.destroy();
  const { Title, Language } = info as { Title: string; Language: string };
  return { bytes, title: Title, language: Language, pages };
}

/** The texts of a row of a table, by its first cell. */
function cellsOf(page: string, first: string): string[] {
  const rows = [...page.matchAll(/<tr>\s*<th scope="row">(.*?)<\/tr>/gs)].map(([, row = '']) =>
    row.split(/<\/t[hd]>\s*(?:<td>)?/).map((cell) => cell.trim()),
  );
  const found = rows.find(([name]) => name === first);
  if (found === undefined) throw new Error(`there is no row ${first}`);
  return found.slice(1, -1);
}

test('the page tells what the comparison holds, needs nothing else, and runs nothing that came from outside', async () => {
  const { api, dataDir } = await startedServer();
  const project = {
    name: `P ${wicked}`,
    task: 'binary',
    target: 'failed',
    key: 'id',
    training: quickTraining,
  } as const;
  const { id } = await api.createProject(project);
  const named = rowsOf({ count: 600 }).map((row) => ({
    ...row,
    shop: row['shop'] === 'north' ? wicked : (row['shop'] ?? null),
  }));
  await api.learn(id, named);
  const next = await api.upload(id, rowsOf({ count: 900, first: 700, seed: 2, shift: -3 }), `${wicked}.csv`);
  const run = await api.runToDecision(id, [next.id]);
  const comparison = await api.comparison(run.id);
  const before = await pageOf(api, run.id);
  expect(before).toContain(html`${comparison.verdict.sentence}`.markup);
  expect(before).toContain('No decision has been made.');
  expect(before).toContain(harmless);
  expect(before).not.toMatch(/<script|src=|href=|@import|url\(/);
  const auc = ['current', 'candidate'].map(
    (side) => comparison[side as 'current' | 'candidate']!.metrics['auc']!,
  );
  const difference = comparison.difference!['auc']!;
  const intervals = ['current', 'candidate'].map(
    (side) => comparison[side as 'current' | 'candidate']!.intervals['auc']!,
  );
  const figures = auc.map((value, side) => {
    const { low, high } = intervals[side]!;
    return `${value.toFixed(3)} (${low!.toFixed(3)}–${high!.toFixed(3)})`;
  });
  expect(cellsOf(before, 'Ranking (AUC)')).toEqual([
    ...figures,
    difference.estimate!.toFixed(3),
    `${difference.low!.toFixed(3)} to ${difference.high!.toFixed(3)}`,
  ]);
  expect(cellsOf(before, 'Found')).toEqual(
    [comparison.current, comparison.candidate].map((side) => String(side!.confusion!.tp)),
  );
  for (const { key } of comparison
    .disagreements!.rows.filter(({ right }) => right === 'candidate')
    .slice(0, 10))
    expect(before).toContain(`<th scope="row">${key}</th>`);
  const stored = readFileSync(join(dataDir, 'lake/projects', id, 'models/2/evaluation/comparison.json'));
  expect(before).toContain(createHash('sha256').update(stored).digest('hex'));
  expect(before).toContain(next.sha256);

  const portuguese = await pageOf(api, run.id, 'pt-BR');
  expect(portuguese).toContain('<html lang="pt-BR">');
  expect(cellsOf(portuguese, 'Ordenação (AUC)')[0]).toBe(figures[0]!.replaceAll('.', ','));

  const pdf = await pdfOf(api, run.id, 'pt-BR');
  expect([pdf.title, pdf.language]).toEqual([expect.stringContaining(`Provas: P ${wicked}`), 'pt-BR']);
  const told = pdf.pages.join(' ');
  for (const words of [
    'Calibração',
    'Variável',
    'Ordenação (AUC)',
    auc[1]!.toFixed(3).replace('.', ','),
    '↑',
  ])
    expect(told).toContain(words);
  expect(told).toContain(next.sha256.slice(0, 20));
  for (const [index, page] of pdf.pages.entries())
    expect(page).toContain(`${index + 1} / ${pdf.pages.length}`);

  await api.decide(run.id, 'candidate', `because ${wicked}`);
  const after = await pageOf(api, run.id);
  expect(after).toContain('The new model (2) was chosen');
  expect(after).toContain(`Reason given: because ${harmless}`);
  expect(readFileSync(join(dataDir, 'lake/projects', id, 'decisions', `${run.id}.html`), 'utf8')).toBe(after);
  const kept = readFileSync(join(dataDir, 'lake/projects', id, 'decisions', `${run.id}.pdf`));
  const decided = await pdfOf(api, run.id);
  expect(decided.bytes.equals(kept), 'the same content gives the same bytes').toBe(true);
  expect(decided.pages[0]).toContain('The new model (2) was chosen');
  const digest = /%sha256 ([0-9a-f]{64})\n$/.exec(kept.toString('latin1'))!;
  const sealed = kept.subarray(0, kept.length - digest[0].length);
  expect(createHash('sha256').update(sealed).digest('hex')).toBe(digest[1]);
});

test('several classes, numbers and a first model have their page; a run without figures has none', async () => {
  const { api } = await startedServer();
  await api.createProject({
    name: 'grades',
    task: 'multiclass',
    target: 'grade',
    key: 'id',
    training: quickTraining,
  });
  await api.createProject({
    name: 'minutes',
    task: 'regression',
    target: 'minutes',
    training: quickTraining,
  });
  for (const [project, task] of [
    ['grades', 'multiclass'],
    ['minutes', 'regression'],
  ] as const) {
    const firstRun = await api.learn(project, rowsOf({ count: 600 }, task));
    const alone = await pageOf(api, firstRun.id);
    expect(alone).toContain('New model (1)');
    expect(alone).not.toContain('Current model');
    const { candidate } = await api.comparison(firstRun.id);
    const [metric, name] =
      task === 'multiclass'
        ? (['logLoss', 'Log loss'] as const)
        : (['rmse', 'Typical error (RMSE)'] as const);
    const { low, high } = candidate.intervals[metric]!;
    expect(cellsOf(alone, name)).toEqual([
      `${candidate.metrics[metric]!.toFixed(3)} (${low!.toFixed(3)}–${high!.toFixed(3)})`,
    ]);
    const next = await api.upload(project, rowsOf({ count: 400, first: 700, seed: 2 }, task));
    const run = await api.runToDecision(project, [next.id]);
    const compared = await pageOf(api, run.id);
    expect(compared).toContain('Current model (1)');
    expect(compared).toContain('What each file brought');
    if (task === 'multiclass') {
      const { byClass, classes, current, candidate: newer } = await api.comparison(run.id);
      const [first] = byClass!;
      expect(cellsOf(compared.slice(compared.indexOf('Each class on its own')), classes[0]!)).toEqual([
        String(newer.byClass![0]!.rows),
        ...[current!, newer].map((side) => {
          const { estimate, low, high } = side.byClass![0]!.recall;
          return `${estimate!.toFixed(3)} (${low!.toFixed(3)}–${high!.toFixed(3)})`;
        }),
        first!.recall.estimate!.toFixed(3),
        first!.adjustedPValue!.toFixed(3),
      ]);
    }
    expect((await pdfOf(api, run.id)).pages[0]).toContain('Current model (1)');
    await api.cancel(run.id);
  }
  await api.createProject({
    name: 'tiny',
    task: 'binary',
    target: 'failed',
    key: 'id',
    training: quickTraining,
  });
  const few = await api.upload('tiny', rowsOf({ count: 8 }));
  const failed = await api.untilRun((await api.startRun('tiny', [few.id])).id);
  await api.refused('comparison_not_ready', 409, `/api/v1/runs/${failed.id}/evidence.html`);
  await api.refused('comparison_not_ready', 409, `/api/v1/runs/${failed.id}/evidence.pdf`);
});

test('evidence that a crash left out is written at the next start', async () => {
  const dataDir = temporaryFolder();
  const place = (run: string, kind: 'html' | 'pdf'): string =>
    join(dataDir, 'lake/projects/p/decisions', `${run}.${kind}`);
  let server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
  const api = new ApiClient(server.address, token);
  await api.createProject({
    name: 'p',
    task: 'binary',
    target: 'failed',
    key: 'id',
    training: quickTraining,
  });
  const run = await api.learn('p', rowsOf({ count: 600 }));
  const written = (['html', 'pdf'] as const).map((kind) => readFileSync(place(run.id, kind), 'hex'));
  for (const lost of [['html', 'pdf'], ['pdf'], ['html']] as const) {
    await server.kill();
    for (const kind of lost) rmSync(place(run.id, kind));
    server = await ServerProcess.start(dataDir, { KAFER_TOKEN: token });
    expect((['html', 'pdf'] as const).map((kind) => readFileSync(place(run.id, kind), 'hex'))).toEqual(
      written,
    );
  }
  await server.stop();
});
