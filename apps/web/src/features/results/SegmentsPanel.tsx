import type { Comparison } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { ChangeTag } from './ChangeTag.tsx';
import { changeOfSegment, segmentValue } from './segment-facts.ts';

/** Rows of the table; what got worse most clearly comes first. */
const shown = 12;

/** In which parts of the data the new model got worse, and that nowhere is an answer, too. */
export function SegmentsPanel({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { segments } = comparison;
  if (!segments || segments.worstFirst.length === 0) return null;
  const worse = segments.worstFirst.filter((segment) => changeOfSegment(segment) === 'worse').length;
  return (
    <Panel title={t('results.segments')} text={t('results.segmentsText', { count: segments.compared })}>
      <Text fw={600}>
        {worse === 0 ? t('results.segmentsNone') : t('results.segmentsWorse', { count: worse })}
      </Text>
      <Table
        caption={t('results.segments')}
        compact
        head={
          <tr>
            <th scope="col">{t('results.segmentFeature')}</th>
            <th scope="col">{t('results.segmentValue')}</th>
            <th scope="col" data-number>
              {t('results.segmentRows')}
            </th>
            <th scope="col" data-number>
              {t('results.current')}
            </th>
            <th scope="col" data-number>
              {t('results.candidate')}
            </th>
            <th scope="col" data-number>
              {t('results.difference')}
            </th>
            <th scope="col">{t('results.interval')}</th>
          </tr>
        }
      >
        {segments.worstFirst.slice(0, shown).map((segment) => {
          const value = segmentValue(segment, format);
          const { estimate, low, high } = segment.difference;
          return (
            <tr key={`${segment.feature ?? ''}:${value ?? ''}`}>
              <th scope="row">{segment.feature ?? t('results.segmentUpload')}</th>
              <td>{value ?? t('results.segmentMissing')}</td>
              <td data-number>{format.integer(segment.rows)}</td>
              <td data-number>{format.number(segment.current)}</td>
              <td data-number>
                <strong>{format.number(segment.candidate)}</strong>
              </td>
              <td data-number>
                {format.signed(estimate)} <ChangeTag change={changeOfSegment(segment)} />
              </td>
              <td>{t('results.fromTo', { low: format.signed(low), high: format.signed(high) })}</td>
            </tr>
          );
        })}
      </Table>
      <Text size="sm" c="dimmed">
        {t('results.segmentsHint', {
          metric: t(`metrics.${segments.metric === 'mae' ? 'mae' : 'logLoss'}.name`),
        })}
      </Text>
    </Panel>
  );
}
