import type { Dialect } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../ui/Facts.tsx';
import { signNames } from './sign-names.ts';

/** What the file is, and how its text is written, in words. */
export function DialectFacts({ dialect }: { dialect: Dialect }) {
  const { t } = useTranslation();
  const named = (sign: string) => {
    const name = signNames[sign];
    return name
      ? `${t(`files.${name}`)}${/\s/.test(sign) ? '' : ` ${sign}`}`
      : sign === ''
        ? t('words.none')
        : sign;
  };
  const { container, sheet, headerLine, remembered = [], asBefore = [] } = dialect;
  const told = [
    ...(headerLine === undefined ? [] : [{ name: t('reading.headerLine'), value: String(headerLine) }]),
    ...(remembered.length === 0
      ? []
      : [
          {
            name: t('reading.remembered'),
            value: remembered.map((part) => t(`reading.parts.${part}`)).join(', '),
          },
        ]),
    ...(asBefore.length === 0
      ? []
      : [
          {
            name: t('reading.asBefore'),
            value: asBefore.map((part) => t(`reading.parts.${part}`)).join(', '),
          },
        ]),
  ];
  const form =
    container === undefined
      ? []
      : [{ name: t('files.container'), value: t(`files.containers.${container}`) }];
  if (container === 'workbook' || container === 'parquet' || container === 'json_lines')
    return (
      <Facts
        columns
        items={[...form, ...(sheet === undefined ? [] : [{ name: t('files.sheet'), value: sheet }]), ...told]}
      />
    );
  return (
    <Facts
      columns
      items={[
        ...form,
        { name: t('files.encoding'), value: dialect.encoding.toUpperCase() },
        { name: t('files.delimiter'), value: named(dialect.delimiter) },
        { name: t('files.decimal'), value: named(dialect.decimal) },
        { name: t('files.quote'), value: named(dialect.quote) },
        ...(dialect.escape === undefined
          ? []
          : [{ name: t('files.quoteInCell'), value: `${dialect.escape}${dialect.quote}` }]),
        { name: t('files.lineEnd'), value: lineEndName(dialect.lineEnd) },
        ...told,
      ]}
    />
  );
}

function lineEndName(lineEnd: string): string {
  return lineEnd
    .replaceAll('\r', 'CR')
    .replaceAll('\n', 'LF')
    .replaceAll('\\r', 'CR')
    .replaceAll('\\n', 'LF')
    .toUpperCase();
}
