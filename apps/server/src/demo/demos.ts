import { ProjectCreation } from '@kaefer/contracts';
import { monthCsvChunks, monthFileName, reportCsvChunks, reportFileName, reportNames } from '@kaefer/factory';
import { slugOf } from '../projects.ts';
import { demoRecipe } from './demo-recipe.ts';

export interface DemoFile {
  readonly filename: string;
  readonly chunks: () => Iterable<string>;
}

/** A project that is there from the start. */
export interface Demo {
  readonly id: string;
  readonly creation: ProjectCreation;
  /** Merged, with a model trained on them. */
  readonly lake: readonly DemoFile[];
  /** Lie ready to be tried. */
  readonly sample: readonly DemoFile[];
}

const start = '2026-01-01';
const monthsInLake = 5;
const newMonth = 6;
const months = newMonth;
const roadTest = {
  task: 'binary',
  target: 'road_test',
  positive: 'fail',
  key: 'knr',
  date: 'build_date',
  costs: { falsePositive: 1, falseNegative: 8 },
} as const;

const demo = (
  creation: Parameters<typeof ProjectCreation.parse>[0],
  files: Pick<Demo, 'lake' | 'sample'>,
): Demo => {
  const parsed = ProjectCreation.parse(creation);
  return { id: slugOf(parsed.name), creation: parsed, ...files };
};

const monthFile = (month: number): DemoFile => {
  const factory = { seed: 2026, vehicles: 60_000, months, start };
  return { filename: monthFileName(month, factory), chunks: () => monthCsvChunks(month, factory) };
};

const reportFiles = (from: number, to: number): DemoFile[] => {
  const factory = { seed: 2026, vehicles: 24_000, months, start };
  return reportNames.map((report) => ({
    filename: reportFileName(report, { from, to }, factory),
    chunks: () => reportCsvChunks(report, { from, to }, factory),
  }));
};

export const demos: readonly Demo[] = [
  demo(
    { ...roadTest, name: 'Road test (simulated)' },
    {
      lake: Array.from({ length: monthsInLake }, (_, index) => monthFile(index + 1)),
      sample: [monthFile(newMonth)],
    },
  ),
  demo(
    {
      ...roadTest,
      name: 'Road test from three reports (simulated)',
      sources: [
        { name: 'stations', key: ['knr', 'station'] },
        { name: 'checks', key: ['knr', 'name'] },
        { name: 'failures', key: ['knr', 'defect'] },
      ],
      recipe: demoRecipe,
    },
    { lake: reportFiles(1, monthsInLake), sample: reportFiles(newMonth, newMonth) },
  ),
];
