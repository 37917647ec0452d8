import fc from 'fast-check';

// A known table and the many ways of writing it; what reads it must find the same values.

/** What a row holds; null is missing. */
export interface Row {
  readonly amount: number | null;
  readonly pieces: number;
  /** Days since 1970-01-01. */
  readonly day: number | null;
  readonly word: string;
  readonly isDone: boolean | null;
  /** Seconds since 1970-01-01. */
  readonly moment: number | null;
}

/** How a file of it is written. */
export interface Writing {
  readonly encoding: 'utf8' | 'utf8 with mark' | 'utf16le' | 'utf16be' | 'latin1';
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly decimal: '.' | ',';
  readonly hasGroups: boolean;
  readonly date: 'iso' | 'day first' | 'month first';
  readonly dateMark: '/' | '-' | '.';
  readonly clock: '24 hours' | '12 hours';
  readonly answers: readonly [yes: string, no: string];
  readonly lineEnd: '\n' | '\r\n';
  readonly missing: '' | 'NA' | '-' | '#N/D' | 'NULL' | 'null' | 'N/A';
  /** Whether cells that need none have quotation marks as well. */
  readonly quotesAll: boolean;
  /** What stands before a quotation mark within quotes; a backslash is doubled there, too. */
  readonly escape: '"' | '\\';
  readonly namesDelimiter: boolean;
}

export const row = fc.record({
  amount: fc.option(fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => cents / 100)),
  pieces: fc.integer({ min: 0, max: 3_000_000 }),
  day: fc.option(fc.integer({ min: 0, max: 40_000 })),
  word: fc.constantFrom('maçã', 'José', 'plain', 'a,b', 'c;d', 'say "so"', 'ñandú', 'C:\\dir', 'two\nlines'),
  isDone: fc.option(fc.boolean()),
  moment: fc.option(fc.integer({ min: 0, max: 40_000 * 86_400 })),
});
export const writing = fc.record<Writing>({
  encoding: fc.constantFrom('utf8', 'utf8 with mark', 'utf16le', 'utf16be', 'latin1'),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  decimal: fc.constantFrom('.', ','),
  hasGroups: fc.boolean(),
  date: fc.constantFrom('iso', 'day first', 'month first'),
  dateMark: fc.constantFrom('/', '-', '.'),
  clock: fc.constantFrom('24 hours', '12 hours'),
  answers: fc.constantFrom<Writing['answers'][]>(
    ['true', 'false'],
    ['verdadeiro', 'falso'],
    ['Sim', 'Não'],
    ['yes', 'no'],
    ['on', 'off'],
    ['S', 'N'],
    ['Y', 'N'],
    ['V', 'F'],
  ),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  missing: fc.constantFrom('', 'NA', '-', '#N/D', 'NULL', 'null', 'N/A'),
  quotesAll: fc.boolean(),
  escape: fc.constantFrom('"', '\\'),
  namesDelimiter: fc.boolean(),
});

function numberIn({ decimal, hasGroups }: Writing, value: number, decimals: number): string {
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = hasGroups ? whole.replace(/\B(?=(\d{3})+$)/g, decimal === '.' ? ',' : '.') : whole;
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `${decimal}${fraction}`}`;
}

function dateIn({ date, dateMark }: Writing, day: number): string {
  const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
  const [year, month, dayOfMonth] = iso.split('-');
  if (date === 'iso') return iso;
  return (date === 'day first' ? [dayOfMonth, month, year] : [month, dayOfMonth, year]).join(dateMark);
}

function momentIn(how: Writing, moment: number): string {
  const [hours, minutes, seconds] = [moment / 3600, moment / 60, moment].map(Math.floor) as [
    number,
    number,
    number,
  ];
  const two = (value: number): string => String(value).padStart(2, '0');
  const rest = `${two(minutes % 60)}:${two(seconds % 60)}`;
  const hour = hours % 24;
  const time =
    how.clock === '24 hours'
      ? `${two(hour)}:${rest}`
      : `${two(hour % 12 === 0 ? 12 : hour % 12)}:${rest} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${dateIn(how, Math.floor(moment / 86_400))} ${time}`;
}

function encoded(text: string, encoding: Writing['encoding']): Buffer {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(text);
    case 'utf8 with mark':
      return Buffer.from(`\ufeff${text}`);
    case 'utf16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'latin1':
      return Buffer.from(text, 'latin1');
  }
}

/** The bytes of a file of the columns chave, amount, pieces, day, word, done, moment and resultado. */
export function fileOf(rows: readonly Row[], how: Writing): Buffer {
  const quoted = (text: string): string =>
    how.escape === '"' ? text.replaceAll('"', '""') : text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const cell = (text: string): string =>
    how.quotesAll || /[",;|\t\n]/.test(text) ? `"${quoted(text)}"` : text;
  const given = <T>(value: T | null, write: (value: T) => string): string =>
    value === null ? how.missing : write(value);
  const lines = rows.map(({ amount, pieces, day, word, isDone, moment }, index) =>
    [
      `k${index}`,
      given(amount, (value) => numberIn(how, value, 2)),
      numberIn(how, pieces, 0),
      given(day, (value) => dateIn(how, value)),
      word,
      given(isDone, (value) => how.answers[value ? 0 : 1]),
      given(moment, (value) => momentIn(how, value)),
      index % 2 === 0 ? 'sim' : 'não',
    ]
      .map(cell)
      .join(how.delimiter),
  );
  const names = ['chave', 'amount', 'pieces', 'day', 'word', 'done', 'moment', 'resultado'].join(
    how.delimiter,
  );
  const first = how.namesDelimiter ? [`sep=${how.delimiter}`] : [];
  return encoded([...first, names, ...lines, ''].join(how.lineEnd), how.encoding);
}

/**
 * Rows that leave nothing open: a comma or point that must be decimal, a day after the 12th, an accent, both answers, and
 * quotation marks within quotes.
 */
export const telling: readonly Row[] = [
  { amount: 0.5, pieces: 1_234_567, day: 20_484, word: 'maçã', isDone: true, moment: 20_484 * 86_400 + 1 },
  { amount: 1234.25, pieces: 12, day: 20_470, word: 'say "so"', isDone: false, moment: 20_470 * 86_400 },
];

/** The key, the outcome and everything else that is known of such a file. */
export const writtenProject = { task: 'binary', target: 'resultado', positive: 'sim', key: 'chave' } as const;

/** SQL of the values of a staged file as `valuesOf` gives them. */
export const readBackSql = `SELECT amount, pieces::DOUBLE AS pieces, (day - DATE '1970-01-01')::DOUBLE AS day, word, done, epoch(moment) AS moment, resultado`;

export const valuesOf = (rows: readonly Row[]): (number | string | boolean | null)[][] =>
  rows.map(({ amount, pieces, day, word, isDone, moment }, index) => [
    amount,
    pieces,
    day,
    word,
    isDone,
    moment,
    index % 2 === 0 ? 'sim' : 'não',
  ]);
