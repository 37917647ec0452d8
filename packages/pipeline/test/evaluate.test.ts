import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  accuracyScore,
  aucScore,
  averagePrecisionScore,
  confusionAt,
  deLong,
  f1Score,
  logLoss,
  mae,
  precisionScore,
  r2,
  recallScore,
  rmse,
} from '@kaefer/metrics';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { Choosing } from '@kaefer/contracts';
import { scanSql } from '@kaefer/deltalake';
import type { StoredComparison } from '../src/evaluate/stored-comparison.ts';
import { exportHoldout } from '../src/evaluate/holdout-file.ts';
import { decideOutcome, decideVerdict } from '../src/evaluate/verdict.ts';
import { verdictSentence } from '../src/evaluate/verdict-sentence.ts';
import { partOf } from '../src/features/split.ts';
import { findCurrentTable } from '../src/lake/project-table.ts';
import { quoteText } from '../src/sql/quote.ts';
import { simulateRows, TestProject } from './project.ts';
import { fileFolder, rowsOf, testConnection, testFolder } from './workspace.ts';

const connection = await testConnection();
const names = { task: 'binary', target: 'failed', key: 'id', positive: 'yes' } as const;

/** The world changes with the second file: only the second model knows. */
const project = new TestProject(fileFolder(), names);
await project.add('u1', simulateRows(1500, 0, 1));
await project.train(1);
const first = await project.evaluate(1, null, ['u1']);
await project.add('u2', simulateRows(1500, 1500, 2, -4));
await project.train(2);
const second = await project.evaluate(2, 1, ['u2']);

interface HoldoutRow {
  readonly key: string;
  readonly label: string;
  readonly current: string;
  readonly candidate: string;
}

async function holdoutOf<Row = HoldoutRow>(of: TestProject, version: number): Promise<Row[]> {
  const output = join(of.scratch, `holdout-${version}.csv`);
  await exportHoldout(connection, of.folder.model(version).holdout, output);
  return parse(readFileSync(output), { columns: true });
}

function figuresFrom(rows: readonly HoldoutRow[], side: 'current' | 'candidate', threshold: number) {
  const labels = Uint8Array.from(rows, ({ label }) => (label === 'yes' ? 1 : 0));
  const scores = Float32Array.from(rows, (row) => Number(row[side]));
  const confusion = confusionAt(labels, scores, threshold);
  return {
    labels,
    scores,
    confusion,
    metrics: {
      auc: aucScore(labels, scores),
      averagePrecision: averagePrecisionScore(labels, scores),
      logLoss: logLoss(labels, scores),
      accuracy: accuracyScore(confusion),
      precision: precisionScore(confusion),
      recall: recallScore(confusion),
      f1: f1Score(confusion),
      threshold,
    },
  };
}

const closeTo = (figures: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, expect.closeTo(value, 10) as unknown]),
  );

describe('a comparison', () => {
  test('is of every holdout row of the version, and of no other', async () => {
    const current = await findCurrentTable(project.folder.table);
    if (current === undefined) throw new Error('no table');
    const rows = await rowsOf(connection, scanSql(current.table, current.snapshot));
    const expected = rows
      .map(({ id }) => String(id))
      .filter((key) => partOf(project.split, key) === 'holdout');
    const holdout = await holdoutOf(project, 2);
    expect(holdout.map(({ key }) => key).sort()).toEqual(expected.sort());
    const labels = new Map(rows.map(({ id, failed }) => [id, failed]));
    for (const { key, label } of holdout) expect(label).toBe(labels.get(key));
    expect(second.holdout).toEqual({
      rows: expected.length,
      positives: holdout.filter(({ label }) => label === 'yes').length,
      share: 0.2,
      looks: 0,
      number: 1,
      after: null,
      before: null,
      collecting: null,
    });
  });

  test('has figures that can be computed again from the holdout file', async () => {
    const rows = await holdoutOf(project, 2);
    const versions = { current: 1, candidate: 2 } as const;
    for (const side of ['current', 'candidate'] as const) {
      const figures = figuresFrom(rows, side, project.card(versions[side]).threshold ?? Number.NaN);
      expect(second[side]?.metrics).toMatchObject(closeTo(figures.metrics));
      expect(second[side]?.confusion).toEqual(figures.confusion);
      expect(second[side]?.model.version).toBe(versions[side]);
    }
    const [current, candidate] = (['current', 'candidate'] as const).map((side) =>
      figuresFrom(rows, side, 0.5),
    );
    if (current === undefined || candidate === undefined) throw new Error('two sides');
    expect(second.difference?.['auc']?.estimate).toBeCloseTo(candidate.metrics.auc - current.metrics.auc, 10);
    const delong = deLong(current.labels, current.scores, candidate.scores);
    expect(second.difference?.['auc']).toMatchObject({
      low: expect.closeTo(delong.low, 10) as unknown,
      high: expect.closeTo(delong.high, 10) as unknown,
    });
  });

  test('counts both models at the same thresholds, each model’s own among them', async () => {
    const rows = await holdoutOf(project, 2);
    const listed = second.candidate.curves.thresholds?.map(({ threshold }) => threshold) ?? [];
    expect(listed).toEqual([...new Set(listed)].sort((a, b) => a - b));
    expect(listed).toEqual(expect.arrayContaining([project.card(1).threshold, project.card(2).threshold]));
    for (const side of ['current', 'candidate'] as const) {
      const counted = listed.map((threshold) => ({
        threshold,
        ...figuresFrom(rows, side, threshold).confusion,
      }));
      expect(second[side]?.curves.thresholds).toEqual(counted);
    }
  });

  test('scores both models again, on today’s rows', async () => {
    const before = new Map((await holdoutOf(project, 1)).map(({ key, candidate }) => [key, candidate]));
    const now = await holdoutOf(project, 2);
    expect(now.length).toBeGreaterThan(before.size);
    const again = now.filter(({ key }) => before.has(key));
    expect(again).toHaveLength(before.size);
    for (const { key, current } of again) expect(current).toBe(before.get(key));
    expect(second.current?.metrics).not.toEqual(first.candidate.metrics);
  });

  test('shows the rows of the new file alone, too', async () => {
    const rows = (await holdoutOf(project, 2)).filter(({ key }) => Number(key.slice(1)) >= 1500);
    expect(second.newRows).toMatchObject({
      rows: rows.length,
      positives: rows.filter(({ label }) => label === 'yes').length,
      current: closeTo(figuresFrom(rows, 'current', project.card(1).threshold ?? 0).metrics),
      candidate: closeTo(figuresFrom(rows, 'candidate', project.card(2).threshold ?? 0).metrics),
    });
    expect(first.newRows).toBeNull();
    expect(second.oldRows).toBeUndefined();
  });

  test('shows the rows of before alone, too, of a model that continues another', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(1500, 0, 1));
    await own.train(1);
    await own.add('u2', simulateRows(500, 1500, 2));
    await own.train(2, 'incremental', 1);
    const seen = await own.evaluate(2, 1, ['u2']);
    const rows = (await holdoutOf(own, 2)).filter(({ key }) => Number(key.slice(1)) < 1500);
    expect(seen.oldRows?.rows).toBe(seen.holdout.rows - (seen.newRows?.rows ?? 0));
    expect(seen.oldRows).toMatchObject({
      rows: rows.length,
      positives: rows.filter(({ label }) => label === 'yes').length,
      current: closeTo(figuresFrom(rows, 'current', own.card(1).threshold ?? 0).metrics),
      candidate: closeTo(figuresFrom(rows, 'candidate', own.card(2).threshold ?? 0).metrics),
    });
    const old = seen.oldRows;
    expect(old?.difference?.['auc']?.estimate).toBeCloseTo(
      (old?.candidate['auc'] ?? Number.NaN) - (old?.current?.['auc'] ?? Number.NaN),
      12,
    );
  });

  test('carries the audit, the learning curve and intervals around every figure', () => {
    expect(second.audit).toEqual({
      holdoutRows: second.holdout.rows,
      candidateTrainingRows: project.card(2).rows.training + project.card(2).rows.validation,
      currentTrainingRows: project.card(1).rows.training + project.card(1).rows.validation,
      overlap: 0,
    });
    expect(second.learningCurve).toEqual(project.card(2).learningCurve);
    for (const [name, { low, high }] of Object.entries(second.candidate.intervals)) {
      const value = second.candidate.metrics[name];
      expect(low ?? Number.NaN).toBeLessThanOrEqual(value ?? Number.NaN);
      expect(high ?? Number.NaN).toBeGreaterThanOrEqual(value ?? Number.NaN);
    }
  });

  test('of a first model has no other side', async () => {
    expect(first).toMatchObject({ current: null, difference: null, verdict: { outcome: 'first_model' } });
    expect((await holdoutOf(project, 1)).every(({ current }) => current === '')).toBe(true);
  });

  test('is the same when it is made again, and is not made again when it is there', async () => {
    const folder = project.folder.model(2);
    const file = readFileSync(folder.comparison, 'utf8');
    expect(await project.evaluate(2, 1, ['u2'])).toEqual(JSON.parse(file));
    const holdout = readFileSync(folder.holdout, 'utf8');
    rmSync(folder.evaluation, { recursive: true });
    await project.evaluate(2, 1, ['u2']);
    const again = JSON.parse(readFileSync(folder.comparison, 'utf8')) as StoredComparison;
    // Times are measured anew.
    const cost = { candidate: expect.anything() as unknown, current: expect.anything() as unknown };
    expect({ ...again, cost }).toEqual({ ...(JSON.parse(file) as StoredComparison), cost });
    expect(readFileSync(folder.holdout, 'utf8')).toBe(holdout);
  });
});

describe('the overlap audit', () => {
  test('refuses a comparison when either model, or one it continued, was trained on a holdout row', async () => {
    const own = new TestProject(testFolder(), names);
    await own.add('u1', simulateRows(400, 0, 1));
    await own.train(1);
    await own.add('u2', simulateRows(200, 400, 2));
    await own.train(2, 'incremental', 1);
    await own.train(3);
    const held = simulateRows(400, 0, 1).find(({ id }) => partOf(own.split, String(id)) === 'holdout')?.[
      'id'
    ];
    const spoil = async (version: number): Promise<() => Promise<void>> => {
      const path = own.folder.model(version).trainingKeys;
      const write = async (query: string) => {
        await connection.run(`CREATE OR REPLACE TEMP TABLE keys AS ${query}`);
        await connection.run(`COPY keys TO ${quoteText(path)} (FORMAT parquet)`);
      };
      const own_ = `SELECT * FROM read_parquet(${quoteText(path)})`;
      await write(`${own_} UNION ALL SELECT ${quoteText(String(held))}, false`);
      return () => write(`${own_} WHERE key <> ${quoteText(String(held))}`);
    };
    let restore = await spoil(3);
    await expect(own.evaluate(3, 2, [])).rejects.toMatchObject({
      code: 'holdout_overlap',
      parameters: { rows: 1, model: 3 },
    });
    await restore();
    restore = await spoil(1);
    await expect(own.evaluate(3, 2, [])).rejects.toMatchObject({
      code: 'holdout_overlap',
      parameters: { rows: 1, model: 2 },
    });
    await restore();
    expect((await own.evaluate(3, 2, [])).audit.overlap).toBe(0);
  });
});

describe('other tasks', () => {
  test('several classes: one score a side and class, figures from the file', async () => {
    const own = new TestProject(testFolder(), { task: 'multiclass', target: 'shop', key: 'id' });
    await own.add('u1', simulateRows(600, 0, 4));
    await own.train(1);
    const comparison = await own.evaluate(1, null, []);
    const rows = await holdoutOf<Record<string, string>>(own, 1);
    const { classes } = comparison;
    expect(Object.keys(rows[0] ?? {})).toEqual([
      'key',
      'label',
      ...classes.map((name) => `current:${name}`),
      ...classes.map((name) => `candidate:${name}`),
    ]);
    let right = 0;
    const matrix = classes.map(() => classes.map(() => 0));
    for (const row of rows) {
      const scores = classes.map((name) => Number(row[`candidate:${name}`]));
      expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 5);
      const named = scores.indexOf(Math.max(...scores));
      const truth = classes.indexOf(row['label'] ?? '');
      if (named === truth) right++;
      const line = matrix[truth];
      if (line !== undefined) line[named] = (line[named] ?? 0) + 1;
    }
    expect(comparison.candidate.metrics['accuracy']).toBeCloseTo(right / rows.length, 10);
    expect(comparison.candidate.confusionMatrix).toEqual(matrix);
    expect(comparison.verdict.metric).toBe('logLoss');
    expect(comparison.byClass).toBeUndefined();
  });

  test('several classes: each has its own figures and curves, and what changed in it', async () => {
    const own = new TestProject(testFolder(), { task: 'multiclass', target: 'shop', key: 'id' });
    await own.add('u1', simulateRows(900, 0, 4));
    await own.train(1);
    await own.add('u2', simulateRows(900, 900, 5));
    await own.train(2);
    const comparison = await own.evaluate(2, 1, ['u2']);
    const { classes, current, candidate, byClass = [] } = comparison;
    const rows = await holdoutOf<Record<string, string>>(own, 2);
    const calledOf = (row: Record<string, string>, side: string): string => {
      const scores = classes.map((name) => Number(row[`${side}:${name}`]));
      return classes[scores.indexOf(Math.max(...scores))] as string;
    };
    classes.forEach((name, index) => {
      const ofClass = rows.filter(({ label }) => label === name);
      const found = (side: string) => ofClass.filter((row) => calledOf(row, side) === name).length;
      const figures = candidate.byClass?.[index];
      expect(figures?.rows).toBe(ofClass.length);
      expect(figures?.predicted).toBe(rows.filter((row) => calledOf(row, 'candidate') === name).length);
      expect(figures?.recall.estimate).toBeCloseTo(found('candidate') / ofClass.length, 10);
      expect(byClass?.[index]?.recall.estimate).toBeCloseTo(
        (found('candidate') - found('current')) / ofClass.length,
        10,
      );
      const ranked = rows.map((row) => ({
        score: Number(row[`candidate:${name}`]),
        isOfClass: row['label'] === name,
      }));
      const others = ranked.filter(({ isOfClass }) => !isOfClass);
      const wins = ranked
        .filter(({ isOfClass }) => isOfClass)
        .flatMap(({ score }) =>
          others.map((other) => (score > other.score ? 1 : score === other.score ? 0.5 : 0)),
        );
      expect(figures?.auc.estimate).toBeCloseTo(
        wins.reduce((sum: number, win) => sum + win, 0) / wins.length,
        10,
      );
      expect(figures?.roc?.[0]).toEqual([0, 0]);
      expect(figures?.roc?.at(-1)).toEqual([1, 1]);
      expect(current?.byClass?.[index]?.precisionRecall?.length).toBeGreaterThan(2);
    });
    const recalls = (candidate.byClass ?? []).map(({ recall }) => recall.estimate ?? NaN);
    expect(candidate.metrics['balancedAccuracy']).toBeCloseTo(
      recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length,
      10,
    );
    // How sure the model is of what it calls, and how often that is right.
    const groups = candidate.curves.calibration?.groups ?? [];
    expect(groups.reduce((sum, group) => sum + group.rows, 0)).toBe(rows.length);
    const right = rows.filter((row) => calledOf(row, 'candidate') === row['label']).length;
    expect(groups.reduce((sum, group) => sum + group.rows * group.observed, 0)).toBeCloseTo(right, 6);
  });

  test('a project with prices has the expected cost of both models, and of the plain one', async () => {
    const own = new TestProject(testFolder(), {
      task: 'binary',
      target: 'failed',
      key: 'id',
      positive: 'yes',
    });
    own.costs = { falsePositive: 1, falseNegative: 5 };
    await own.add('u1', simulateRows(900, 0, 4));
    await own.train(1);
    await own.add('u2', simulateRows(900, 900, 5));
    await own.train(2);
    const { costs, current, candidate, difference, baseline, newRows } = await own.evaluate(2, 1, ['u2'], {
      costs: own.costs,
    });
    expect(costs).toEqual(own.costs);
    const costOf = (side: typeof current) =>
      ((side?.confusion?.fp ?? NaN) + 5 * (side?.confusion?.fn ?? NaN)) / rowsOf(side);
    const rowsOf = (side: typeof current) =>
      Object.values(side?.confusion ?? {}).reduce((sum, count) => sum + count, 0);
    expect(current?.metrics['expectedCost']).toBeCloseTo(costOf(current), 10);
    expect(candidate.metrics['expectedCost']).toBeCloseTo(costOf(candidate), 10);
    const gap = difference?.['expectedCost'];
    expect(gap?.estimate).toBeCloseTo(costOf(candidate) - costOf(current), 10);
    expect(gap?.low).toBeLessThan(gap?.estimate ?? NaN);
    expect(gap?.high).toBeGreaterThan(gap?.estimate ?? NaN);
    expect(candidate.intervals['expectedCost']?.low).toBeLessThan(costOf(candidate));
    expect(baseline?.metrics['expectedCost']).toBeGreaterThan(0);
    expect(newRows?.difference?.['expectedCost']).toBeDefined();
  });

  test('regression: errors of the exact values, also without a key', async () => {
    const own = new TestProject(testFolder(), { task: 'regression', target: 'x' });
    await own.add(
      'u1',
      simulateRows(600, 0, 4).map(({ id: _id, ...row }) => row),
    );
    await own.train(1);
    const comparison = await own.evaluate(1, null, []);
    const rows = await holdoutOf(own, 1);
    const labels = Float64Array.from(rows, ({ label }) => Number(label));
    const scores = Float32Array.from(rows, ({ candidate }) => Number(candidate));
    expect(comparison.candidate.metrics).toMatchObject(
      closeTo({ rmse: rmse(labels, scores), mae: mae(labels, scores), r2: r2(labels, scores) }),
    );
    expect(comparison.candidate.confusion).toBeNull();
    expect(comparison.holdout.positives).toBeNull();
  });
});

describe('the verdict', () => {
  const difference = (low: number | null, high: number | null) => ({ estimate: 0, low, high });

  test('needs an interval that leaves out zero', () => {
    expect(decideOutcome('binary', undefined)).toBe('first_model');
    expect(decideOutcome('binary', difference(0.01, 0.02))).toBe('better');
    expect(decideOutcome('binary', difference(-0.02, -0.01))).toBe('worse');
    expect(decideOutcome('binary', difference(-0.01, 0.02))).toBe('no_clear_difference');
    expect(decideOutcome('binary', difference(0, 0.02))).toBe('no_clear_difference');
    expect(decideOutcome('binary', difference(null, null))).toBe('no_clear_difference');
    for (const task of ['multiclass', 'regression'] as const) {
      expect(decideOutcome(task, difference(0.01, 0.02))).toBe('worse');
      expect(decideOutcome(task, difference(-0.02, -0.01))).toBe('better');
    }
  });

  test('has a margin: a clear difference that does not matter is none', () => {
    expect(decideOutcome('binary', difference(0.01, 0.02), 0.005)).toBe('better');
    expect(decideOutcome('binary', difference(0.01, 0.02), 0.01)).toBe('no_clear_difference');
    expect(decideOutcome('binary', difference(-0.02, -0.001), 0.01)).toBe('no_clear_difference');
    expect(decideOutcome('regression', difference(-0.02, -0.011), 0.01)).toBe('better');
  });

  test('is not "better" where probabilities or a part of the data got clearly worse', () => {
    const better = { auc: difference(0.01, 0.02) };
    const worse = { difference: { estimate: 0.1 }, adjustedPValue: 0.01 };
    expect(decideVerdict('binary', null)).toEqual({ outcome: 'first_model', concerns: [] });
    expect(decideVerdict('binary', better)).toEqual({ outcome: 'better', concerns: [] });
    expect(decideVerdict('binary', { ...better, logLoss: difference(0.01, 0.02) }, [worse])).toEqual({
      outcome: 'no_clear_difference',
      concerns: ['calibration', 'segment'],
    });
    const harmless = [
      { ...worse, adjustedPValue: 0.06 },
      { ...worse, difference: { estimate: -0.1 } },
    ];
    const loss = { ...better, logLoss: difference(-0.01, 0.02) };
    expect(decideVerdict('binary', loss, harmless).outcome).toBe('better');
    // What is worse stays so: nothing is held back.
    expect(decideVerdict('binary', { auc: difference(-0.02, -0.01) }, [worse])).toEqual({
      outcome: 'worse',
      concerns: [],
    });
  });

  test('goes by the metric that the project chose', () => {
    const mixed = { auc: difference(0.01, 0.02), logLoss: difference(0.001, 0.002) };
    expect(decideVerdict('binary', mixed, [], 0, [], 'auc').concerns).toEqual(['calibration']);
    expect(decideVerdict('binary', mixed, [], 0, [], 'logLoss').outcome).toBe('worse');
    expect(decideVerdict('binary', { brier: difference(-0.002, -0.001) }, [], 0, [], 'brier').outcome).toBe(
      'better',
    );
    expect(decideOutcome('multiclass', difference(0.01, 0.02), 0, 'accuracy')).toBe('better');
    expect(decideOutcome('regression', difference(0.01, 0.02), 0, 'r2')).toBe('better');
    expect(decideOutcome('regression', difference(0.01, 0.02), 0, 'mae')).toBe('worse');
  });

  test('by another metric: what was compared is judged and told by it, and so is the plain model', async () => {
    rmSync(project.folder.model(2).comparison);
    const byLoss = await project.evaluate(2, 1, ['u2'], { choosing: Choosing.parse({ metric: 'logLoss' }) });
    expect(byLoss.difference).toEqual(second.difference);
    expect(byLoss.verdict.metric).toBe('logLoss');
    expect(verdictSentence(byLoss, 'en')).toContain('By log loss, the difference');
    expect(verdictSentence(byLoss, 'pt-BR')).toContain('Pelo log loss, a diferença');
    const { baseline, candidate } = byLoss;
    expect(baseline?.difference.estimate).toBeCloseTo(
      candidate.metrics['logLoss']! - baseline!.metrics['logLoss']!,
      10,
    );
    expect(baseline?.isBeaten).toBe(baseline!.difference.high! < 0);
  });

  test('tells what held it back, in both languages', () => {
    const told = (concerns: ('calibration' | 'segment')[], locale: 'en' | 'pt-BR') =>
      verdictSentence(
        { ...second, verdict: { ...second.verdict, outcome: 'no_clear_difference', concerns } },
        locale,
      );
    expect(told(['calibration'], 'en')).toMatch(/but its probabilities are further from what happens\.$/);
    expect(told(['calibration', 'segment'], 'en')).toMatch(/happens, and in at least one part of the data/);
    expect(told(['segment'], 'pt-BR')).toMatch(
      /mas em pelo menos uma parte dos dados ele é claramente pior\.$/,
    );
    expect(told([], 'en')).toContain('By AUC, chance alone would explain');
  });

  test('finds the model that knows the new world better, and a model no better than itself', async () => {
    expect(second.verdict).toEqual({
      outcome: 'better',
      concerns: [],
      metric: 'auc',
      margin: 0,
      positive: 'yes',
    });
    await project.train(3);
    const same = await project.evaluate(3, 2, []);
    expect(same.verdict.outcome).toBe('no_clear_difference');
  });

  test('is one sentence in each language, with the numbers of both sides', () => {
    const sentence = (comparison: StoredComparison, outcome: StoredComparison['verdict']['outcome']) =>
      (['en', 'pt-BR'] as const).map((locale) =>
        verdictSentence({ ...comparison, verdict: { ...comparison.verdict, outcome } }, locale),
      );
    const sentences = new Set<string>();
    for (const outcome of ['better', 'worse', 'no_clear_difference', 'first_model'] as const) {
      for (const text of sentence(second, outcome)) {
        expect(text).not.toMatch(/[{}]|undefined|NaN/);
        expect(text).toContain('yes');
        const [now, before] = [second.candidate.confusion!.tp, second.current!.confusion!.tp];
        if (outcome === 'first_model') expect(text).toContain(` ${now} `);
        else expect(text).toContain(` ${Math.abs(now - before)} `);
        if (outcome !== 'first_model') expect(text).toContain('AUC');
        sentences.add(text);
      }
    }
    expect(sentences.size).toBe(8);
  });
});
