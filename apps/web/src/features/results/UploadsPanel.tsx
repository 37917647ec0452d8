import type { Comparison } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { runsQuery, uploadsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { ChangeTag } from './ChangeTag.tsx';
import { changeOfSegment, originNames } from './segment-facts.ts';

/** Uploads of the table; those of this run come first. */
const shown = 12;

/** What each file brought to the data, and whether the new model does better on its rows. */
export function UploadsPanel({ comparison, target }: { comparison: Comparison; target: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { uploads, task, classes } = comparison;
  const known = useQuery(uploadsQuery(comparison.project)).data ?? [];
  const runs = useQuery(runsQuery(comparison.project)).data ?? [];
  const names = originNames(known, runs);
  if (!uploads || uploads.largest.length === 0) return null;
  const listed = uploads.largest.slice(0, shown);
  const hidden = uploads.total - listed.length;
  return (
    <Panel title={t('results.uploads')} text={t('results.uploadsText')}>
      <Table
        caption={t('results.uploads')}
        compact
        head={
          <tr>
            <th scope="col">{t('results.uploadFile')}</th>
            <th scope="col" data-number>
              {t('results.difference')}
            </th>
            <th scope="col">{t('results.interval')}</th>
            <th scope="col" data-number>
              {t('results.uploadLearning')}
            </th>
            <th scope="col" data-number>
              {t('results.segmentRows')}
            </th>
            {task !== 'multiclass' && (
              <th scope="col" data-number>
                {task === 'binary'
                  ? t('results.uploadOutcome', { positive: classes[1] ?? '' })
                  : t('results.uploadMean', { target })}
              </th>
            )}
          </tr>
        }
      >
        {listed.map(({ upload, isNew, learningRows, testRows, outcome, loss }) => {
          const change = loss && changeOfSegment(loss);
          return (
            <tr key={upload}>
              <th scope="row">
                {names.get(upload) ?? upload} {isNew && <Tag tone="accent">{t('results.uploadNew')}</Tag>}
              </th>
              <td data-number>
                {loss && (
                  <>
                    {format.signed(loss.difference.estimate)}{' '}
                    {change && change !== 'same' && <ChangeTag change={change} />}
                  </>
                )}
              </td>
              <td>
                {loss
                  ? t('results.fromTo', {
                      low: format.signed(loss.difference.low),
                      high: format.signed(loss.difference.high),
                    })
                  : t('results.uploadFew')}
              </td>
              <td data-number>{format.integer(learningRows)}</td>
              <td data-number>{format.integer(testRows)}</td>
              {task !== 'multiclass' && (
                <td data-number>{task === 'binary' ? format.percent(outcome, 1) : format.number(outcome)}</td>
              )}
            </tr>
          );
        })}
      </Table>
      <Text size="sm" c="dimmed">
        {hidden > 0 && `${t('results.uploadsMore', { count: hidden })} `}
        {t('results.uploadsHint', { metric: t(`metrics.${task === 'regression' ? 'mae' : 'logLoss'}.name`) })}
      </Text>
    </Panel>
  );
}
