import fc from 'fast-check';

// A known table and the many ways of writing it; what reads it must find the same values.

/** What a row holds; null is missing. */
export interface Row {
  readonly amount: number | null;
  readonly pieces: number;
  /** Days since 1970-01-01. */
  readonly day: number | null;
  readonly word: string;
}

/** How a file of it is written. */
export interface Writing {
  readonly encoding: 'utf8' | 'utf8 with mark' | 'utf16le' | 'utf16be' | 'latin1';
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly decimal: '.' | ',';
  readonly hasGroups: boolean;
  readonly date: 'iso' | 'day first' | 'month first';
  readonly dateMark: '/' | '-' | '.';
  readonly lineEnd: '\n' | '\r\n';
  readonly missing: '' | 'NA' | '-' | '#N/D';
  readonly namesDelimiter: boolean;
}

export const row = fc.record({
  amount: fc.option(fc.integer({ min: -9_999_999, max: 9_999_999 }).map((cents) => cents / 100)),
  pieces: fc.integer({ min: 0, max: 3_000_000 }),
  day: fc.option(fc.integer({ min: 0, max: 40_000 })),
  word: fc.constantFrom('maçã', 'José', 'plain', 'a,b', 'c;d', 'say "so"', 'ñandú'),
});
export const writing = fc.record<Writing>({
  encoding: fc.constantFrom('utf8', 'utf8 with mark', 'utf16le', 'utf16be', 'latin1'),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  decimal: fc.constantFrom('.', ','),
  hasGroups: fc.boolean(),
  date: fc.constantFrom('iso', 'day first', 'month first'),
  dateMark: fc.constantFrom('/', '-', '.'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  missing: fc.constantFrom('', 'NA', '-', '#N/D'),
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

/** The bytes of a file of the columns chave, amount, pieces, day, word and resultado. */
export function fileOf(rows: readonly Row[], how: Writing): Buffer {
  const cell = (text: string): string => (/[",;|\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map(({ amount, pieces, day, word }, index) =>
    [
      `k${index}`,
      amount === null ? how.missing : numberIn(how, amount, 2),
      numberIn(how, pieces, 0),
      day === null ? how.missing : dateIn(how, day),
      word,
      index % 2 === 0 ? 'sim' : 'não',
    ]
      .map(cell)
      .join(how.delimiter),
  );
  const names = ['chave', 'amount', 'pieces', 'day', 'word', 'resultado'].join(how.delimiter);
  const first = how.namesDelimiter ? [`sep=${how.delimiter}`] : [];
  return encoded([...first, names, ...lines, ''].join(how.lineEnd), how.encoding);
}

/** Rows that leave nothing open: a comma or point that must be decimal, a day after the 12th, an accent. */
export const telling: readonly Row[] = [
  { amount: 0.5, pieces: 1_234_567, day: 20_484, word: 'maçã' },
  { amount: 1234.25, pieces: 12, day: 20_470, word: 'plain' },
];

/** The key, the outcome and everything else that is known of such a file. */
export const writtenProject = { task: 'binary', target: 'resultado', positive: 'sim', key: 'chave' } as const;

/** SQL of the values of a staged file as `valuesOf` gives them. */
export const readBackSql = `SELECT amount, pieces::DOUBLE AS pieces, (day - DATE '1970-01-01')::DOUBLE AS day, word, resultado`;

export const valuesOf = (rows: readonly Row[]): (number | string | null)[][] =>
  rows.map(({ amount, pieces, day, word }, index) => [
    amount,
    pieces,
    day,
    word,
    index % 2 === 0 ? 'sim' : 'não',
  ]);
