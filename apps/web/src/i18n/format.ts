import type { Locale } from '@kaefer/contracts';

const none = '–';
const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Unit, its length, and the age from which on it is used: days tell more than "last month". */
const relativeSteps: ReadonlyArray<[Intl.RelativeTimeFormatUnit, number, number]> = [
  ['year', 365 * dayMs, 730 * dayMs],
  ['month', 30 * dayMs, 90 * dayMs],
  ['day', dayMs, dayMs],
  ['hour', hourMs, hourMs],
  ['minute', minuteMs, minuteMs],
];

/** What stands before decimals in a language. */
export type DecimalMark = '.' | ',';

/** Numbers, dates and amounts as a language writes them. `null` becomes a dash. */
export function createFormat(locale: Locale) {
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

  const number = (value: number | null | undefined, digits = 3): string =>
    value === null || value === undefined
      ? none
      : value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

  const decimalMark: DecimalMark = locale === 'pt-BR' ? ',' : '.';
  return {
    locale,
    decimalMark,
    /** How numbers are typed: both marks mean the decimal one, and the language's own is shown. */
    typing: { decimalSeparator: decimalMark, allowedDecimalSeparators: ['.', ','] },
    thousandSeparator: locale === 'pt-BR' ? '.' : ',',
    integer: (value: number | null | undefined) =>
      value === null || value === undefined ? none : integer.format(value),
    number,
    /** A number as short as it can be without losing what matters. */
    plain: (value: number) => value.toLocaleString(locale, { maximumSignificantDigits: 6 }),
    /** With its sign, also when it is positive. */
    signed: (value: number | null | undefined, digits = 3) =>
      value === null || value === undefined
        ? none
        : value.toLocaleString(locale, {
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
            signDisplay: 'exceptZero',
          }),
    percent: (share: number | null | undefined, digits = 0) =>
      share === null || share === undefined
        ? none
        : share.toLocaleString(locale, {
            style: 'percent',
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
          }),
    date: (iso: string) => date.format(new Date(iso)),
    dateTime: (iso: string) => dateTime.format(new Date(iso)),
    /** A calendar day such as 2026-06-30, without a time: 30/06/2026 where that is the custom, else as it is. */
    day: (iso: string) => (locale === 'pt-BR' ? iso.split('-').reverse().join('/') : iso),
    /** "3 days ago"; the clock is given, so that it can be tested. */
    ago: (iso: string, nowMs: number) => {
      const differenceMs = new Date(iso).getTime() - nowMs;
      for (const [unit, unitMs, fromMs] of relativeSteps)
        if (Math.abs(differenceMs) >= fromMs) return relative.format(Math.trunc(differenceMs / unitMs), unit);
      return relative.format(0, 'minute');
    },
    /** Minutes and seconds, and hours from one hour on: "1:05", "2:00:07". */
    duration: (milliseconds: number) => {
      const seconds = Math.max(0, Math.round(milliseconds / secondMs));
      const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
      const [hours = 0, minutes = 0, rest = 0] = parts;
      const padded = (value: number) => String(value).padStart(2, '0');
      return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
    },
    bytes: (bytes: number) => {
      const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
      let value = bytes;
      let step = 0;
      while (value >= 1000 && step < units.length - 1) {
        value /= 1000;
        step += 1;
      }
      return value.toLocaleString(locale, {
        style: 'unit',
        unit: units[step] ?? 'byte',
        unitDisplay: 'short',
        maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
      });
    },
  };
}

export type Format = ReturnType<typeof createFormat>;
