import type { Comparison } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { runsQuery, uploadsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { ChangeTag } from './ChangeTag.tsx';
import { changeOfSegment, originNames, segmentValue } from './segment-facts.ts';

/** Rows of the table; what got worse most clearly comes first. */
const shown = 12;

/** In which parts of the data the new model got worse, and that nowhere is an answer, too. */
export function SegmentsPanel({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { segments } = comparison;
  const uploads = useQuery(uploadsQuery(comparison.project)).data ?? [];
  const runs = useQuery(runsQuery(comparison.project)).data ?? [];
  const filenames = originNames(uploads, runs);
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
            <th scope="col">{t('results.segmentPart')}</th>
            <th scope="col" data-number>
              {t('results.difference')}
            </th>
            <th scope="col" data-number>
              {t('results.current')}
            </th>
            <th scope="col" data-number>
              {t('results.candidate')}
            </th>
            <th scope="col">{t('results.interval')}</th>
            <th scope="col" data-number>
              {t('results.segmentRows')}
            </th>
          </tr>
        }
      >
        {segments.worstFirst.slice(0, shown).map((segment) => {
          const own = segmentValue(segment, format);
          const named = segment.feature === null ? (filenames.get(own ?? '') ?? own) : own;
          const value = segment.newest === true ? t('results.segmentNewest', { range: named }) : named;
          const { estimate, low, high } = segment.difference;
          const change = changeOfSegment(segment);
          return (
            <tr key={`${segment.feature ?? ''}:${segment.newest === true}:${own ?? ''}`}>
              <th scope="row">
                {segment.feature ?? t('results.segmentUpload')}
                <Text
                  size="sm"
                  c="dimmed"
                  maw="min(24rem, 38vw)"
                  style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}
                >
                  {value ?? t('results.segmentMissing')}
                </Text>
              </th>
              <td data-number>
                {format.signed(estimate)} {change !== 'same' && <ChangeTag change={change} />}
              </td>
              <td data-number>{format.number(segment.current)}</td>
              <td data-number>
                <strong>{format.number(segment.candidate)}</strong>
              </td>
              <td>{t('results.fromTo', { low: format.signed(low), high: format.signed(high) })}</td>
              <td data-number>{format.integer(segment.rows)}</td>
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
