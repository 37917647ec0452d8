import type { Choosing, SettingsRevision } from '@kaefer/contracts';
import { Group, Text } from '@mantine/core';
import { IconPlus, IconSettings } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from '../data/HistoryList.module.css';
import { settingsDifference, type SettingsDifference } from './settings-difference.ts';

/** Who changed which settings, when and why; the newest first. */
export function SettingsHistory({ revisions }: { readonly revisions: readonly SettingsRevision[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol className={classes.history}>
      {revisions.map((revision, index) => {
        const before = revisions[index + 1];
        const Icon = before === undefined ? IconPlus : IconSettings;
        return (
          <li key={revision.revision}>
            <span className={classes.icon} data-now={index === 0 || undefined}>
              <Icon size={18} aria-hidden />
            </span>
            <div className={classes.text}>
              <Group gap="xs">
                <strong>
                  {before === undefined
                    ? t('settings.created')
                    : t('settings.revision', { revision: revision.revision })}
                </strong>
                <Text size="sm" c="dimmed">
                  {format.dateTime(revision.changedAt)}{' '}
                  {revision.changedBy && t('data.by', { by: revision.changedBy })}
                </Text>
              </Group>
              {before !== undefined &&
                settingsDifference(before.settings, revision.settings).map((difference, place) => (
                  <Text key={place} style={{ overflowWrap: 'anywhere' }}>
                    <Change difference={difference} />
                  </Text>
                ))}
              {revision.note && (
                <Text size="sm" c="dimmed">
                  “{revision.note}”
                </Text>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Change({ difference }: { readonly difference: SettingsDifference }) {
  const { t } = useTranslation();
  const format = useFormat();
  switch (difference.kind) {
    case 'excluded':
    case 'included':
    case 'confirmed':
    case 'unconfirmed':
      return <>{t(`settings.${difference.kind}`, { columns: difference.columns.join(', ') })}</>;
    case 'reports':
      return <>{t('recipe.reportsNow', { names: difference.names.join(', ') })}</>;
    case 'feeds':
      return <>{t('feeds.changedNow', { names: difference.names.join(', ') || t('words.none') })}</>;
    case 'reading':
      return <>{t('reading.changed')}</>;
    case 'choosing':
      return <ChoosingNow choosing={difference.now} />;
    case 'holdout':
      return <>{t('holdouts.begun', { number: difference.number, needed: difference.needed })}</>;
    case 'recipe':
      return <>{t('recipe.changed')}</>;
    case 'costs':
      return (
        <>
          {difference.now === null
            ? t('settings.costsGone')
            : t('settings.costsNow', {
                falsePositive: format.plain(difference.now.falsePositive),
                falseNegative: format.plain(difference.now.falseNegative),
              })}
        </>
      );
    case 'monotone':
      return (
        <>
          {t('settings.monotoneNow', {
            rising: difference.rising.join(', ') || t('words.none'),
            falling: difference.falling.join(', ') || t('words.none'),
          })}
        </>
      );
    case 'training':
      return (
        <>
          {t('settings.trainingNow', {
            name: t(`models.settingNames.${difference.name}`),
            before: format.plain(difference.before),
            now: format.plain(difference.now),
          })}
        </>
      );
  }
}

function ChoosingNow({ choosing }: { readonly choosing: Choosing }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { metric, margin, mostBytes, mostMicroseconds, secondApprover, automatic } = choosing;
  const parts = [
    metric === null
      ? t('settings.usualMetricNow')
      : t('settings.metricNow', { metric: t(`metrics.${metric}.name`) }),
    t('settings.marginNow', { value: format.plain(margin) }),
    ...(mostBytes === null ? [] : [t('settings.bytesNow', { value: format.bytes(mostBytes) })]),
    ...(mostMicroseconds === null
      ? []
      : [t('settings.microsecondsNow', { value: format.plain(mostMicroseconds) })]),
    automatic === null
      ? t('settings.peopleDecide')
      : t('settings.automaticNow', { rows: automatic.fewestRows, positives: automatic.fewestPositives }),
    ...(secondApprover ? [t('settings.secondApproverNow')] : []),
  ];
  return <>{t('settings.choosingNow', { parts: parts.join('; ') })}</>;
}
