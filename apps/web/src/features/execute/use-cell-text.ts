import type { Cell } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';

const calendarDay = /^\d{4}-\d{2}-\d{2}$/;

/** Writes a value of a record as the reader's language does. */
export function useCellText(): (cell: Cell | undefined) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return (cell) => {
    if (cell === null || cell === undefined || cell === '') return t('words.noValue');
    if (typeof cell === 'boolean') return cell ? t('words.yes') : t('words.no');
    if (typeof cell === 'number') return format.plain(cell);
    return calendarDay.test(cell) ? format.day(cell) : cell;
  };
}
