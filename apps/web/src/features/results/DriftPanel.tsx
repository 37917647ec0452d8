import type { Comparison } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { sizeOfDrift } from './segment-facts.ts';

/** Features of the table; those that moved farthest come first. */
const shown = 10;

/** How the values of each feature in the new rows differ from those of the rows before. */
export function DriftPanel({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { drift } = comparison;
  if (!drift || drift.length === 0) return null;
  return (
    <Panel title={t('results.drift')} text={t('results.driftText')}>
      <Table
        caption={t('results.drift')}
        compact
        head={
          <tr>
            <th scope="col">{t('results.driftFeature')}</th>
            <th scope="col">{t('results.driftSize')}</th>
            <th scope="col" data-number>
              {t('results.driftShare')}
            </th>
            <th scope="col" data-number>
              {t('results.driftIndex')}
            </th>
            <th scope="col" data-number>
              {t('results.driftDistance')}
            </th>
          </tr>
        }
      >
        {drift.slice(0, shown).map((feature) => {
          const size = sizeOfDrift(feature);
          return (
            <tr key={feature.feature}>
              <th scope="row">{feature.feature}</th>
              <td>
                <Tag {...(size === 'much' ? { tone: 'accent' as const } : {})}>
                  {t(`results.driftSizes.${size}`)}
                </Tag>
              </td>
              <td data-number>{format.percent(feature.totalVariation, 1)}</td>
              <td data-number>{format.number(feature.stabilityIndex)}</td>
              <td data-number>{format.number(feature.kolmogorovSmirnov)}</td>
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}
