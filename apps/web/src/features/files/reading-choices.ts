import type { Project, Reading, Upload } from '@kaefer/contracts';

/** What the form holds; empty where the file decides. */
export interface ReadingChoices {
  readonly delimiter: string;
  readonly headerLine: string;
  readonly sheet: string;
  readonly decimal: string;
  readonly dates: string;
  readonly asText: readonly string[];
}

/** What was said so far of the files that an upload belongs to. */
export function readingOf(
  project: Pick<Project, 'reading' | 'sources'>,
  upload: Pick<Upload, 'source'>,
): Reading {
  if (upload.source === null) return project.reading;
  return project.sources.find(({ name }) => name === upload.source)?.reading ?? {};
}

export function choicesOf(reading: Reading): ReadingChoices {
  const { delimiter = '', headerLine, sheet = '', decimal = '', dates = '', asText = [] } = reading;
  return {
    delimiter,
    headerLine: headerLine === undefined ? '' : String(headerLine),
    sheet,
    decimal,
    dates,
    asText,
  };
}

const isOne = <T extends string>(value: string, values: readonly T[]): value is T =>
  (values as readonly string[]).includes(value);

/** What is sent; undefined when the line of the header is no line. */
export function toReading(choices: ReadingChoices): Reading | undefined {
  const { delimiter, headerLine, sheet, decimal, dates, asText } = choices;
  const line = headerLine.trim();
  if (line !== '' && (!/^\d{1,4}$/.test(line) || Number(line) < 1 || Number(line) > 1000)) return undefined;
  return {
    ...(isOne(delimiter, [',', ';', '\t', '|']) && { delimiter }),
    ...(line !== '' && { headerLine: Number(line) }),
    ...(sheet !== '' && { sheet }),
    ...(isOne(decimal, ['comma', 'point']) && { decimal }),
    ...(isOne(dates, ['day_first', 'month_first']) && { dates }),
    ...(asText.length > 0 && { asText: [...asText] }),
  };
}
