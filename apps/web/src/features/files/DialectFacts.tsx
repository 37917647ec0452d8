import type { Dialect } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { Facts } from '../../ui/Facts.tsx';
import { signNames } from './sign-names.ts';

/** Encoding, delimiter and the like, in words. */
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
  return (
    <Facts
      columns
      items={[
        { name: t('files.encoding'), value: dialect.encoding.toUpperCase() },
        { name: t('files.delimiter'), value: named(dialect.delimiter) },
        { name: t('files.decimal'), value: named(dialect.decimal) },
        { name: t('files.quote'), value: named(dialect.quote) },
        { name: t('files.lineEnd'), value: lineEndName(dialect.lineEnd) },
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
