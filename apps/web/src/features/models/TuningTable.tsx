import type { Tuning } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Table } from '../../ui/Table.tsx';
import { settingNames } from './setting-names.ts';

/** What was tried to find a model's settings, in its order. */
export function TuningTable({ tuning }: { readonly tuning: Tuning }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = settingNames.filter((name) => tuning.tried.some(({ settings }) => name in settings));
  return (
    <>
      <Text size="sm">
        {t('models.tuning', {
          settings: new Set(tuning.tried.map(({ nth }) => nth)).size,
          time: format.duration(tuning.milliseconds),
          chosen: tuning.chosen,
        })}
      </Text>
      <Table
        caption={t('models.tuningCaption')}
        head={
          <tr>
            <th scope="col">{t('models.tuningNumber')}</th>
            <th scope="col" data-number>
              {t('results.trainingRows')}
            </th>
            <th scope="col" data-number>
              {t('models.tuningLoss')}
            </th>
            {shown.map((name) => (
              <th key={name} scope="col" data-number>
                {t(`models.settingNames.${name}`)}
              </th>
            ))}
          </tr>
        }
      >
        {tuning.tried.map(({ nth, rows, loss, settings }, place) => (
          <tr key={place}>
            <th scope="row">{nth === tuning.chosen ? <strong>{nth} ✓</strong> : nth}</th>
            <td data-number>{format.integer(rows)}</td>
            <td data-number>{format.number(loss)}</td>
            {shown.map((name) => (
              <td key={name} data-number>
                {format.plain(settings[name] ?? 0)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </>
  );
}
