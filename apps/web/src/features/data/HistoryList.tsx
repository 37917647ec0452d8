import type { Dataset, DatasetChange } from '@kaefer/contracts';
import { Group, Text } from '@mantine/core';
import { IconArrowBackUp, IconEraser, IconGitMerge, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { downloads } from '../../api/actions.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { Tag } from '../../ui/Tag.tsx';
import classes from './HistoryList.module.css';
import { ChangedRows } from './ChangedRows.tsx';
import { RestoreVersion } from './RestoreVersion.tsx';
import { UndoUpload } from './UndoUpload.tsx';

const icons = {
  create: IconPlus,
  merge: IconGitMerge,
  undo: IconEraser,
  restore: IconArrowBackUp,
} as const;

/** The versions, the newest first, and what each upload changed. */
export function HistoryList({ project, dataset }: { project: string; dataset: Dataset }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ol className={classes.history}>
      {dataset.history
        .toSorted((a, b) => b.version - a.version)
        .map((change) => {
          const Icon = icons[change.operation];
          const isNow = change.version === dataset.version;
          return (
            <li key={change.version}>
              <span className={classes.icon} data-now={isNow || undefined}>
                <Icon size={18} aria-hidden />
              </span>
              <div className={classes.text}>
                <Group gap="xs">
                  <strong>{t('words.dataVersion', { version: change.version })}</strong>
                  {isNow && <Tag tone="accent">{t('data.now')}</Tag>}
                  <Text size="sm" c="dimmed">
                    {format.dateTime(change.at)} {change.by && t('data.by', { by: change.by })}
                  </Text>
                </Group>
                <Text>
                  <What change={change} /> {t('words.rows', { count: change.rows })}.
                </Text>
                {change.operation === 'undo' && (
                  <Text size="sm" c="dimmed">
                    {t('data.undoChanges', {
                      removed: format.integer(change.removed),
                      restored: format.integer(change.updated),
                    })}
                  </Text>
                )}
                {change.operation === 'merge' && (change.new !== null || change.updated !== null) && (
                  <Text size="sm" c="dimmed">
                    {t('data.changes', {
                      new: format.integer(change.new),
                      updated: format.integer(change.updated),
                      unchanged: format.integer(change.unchanged),
                    })}
                    {change.upload &&
                      change.upload.rejected > 0 &&
                      `, ${t('data.rejected', { count: change.upload.rejected })}`}
                  </Text>
                )}
              </div>
              <Group gap="xs" className={classes.actions}>
                <DownloadButton
                  href={downloads.dataset(project, change.version)}
                  label={t('data.downloadVersion', { version: change.version })}
                  size="xs"
                >
                  {t('data.download')}
                </DownloadButton>
                {change.operation === 'merge' && change.upload?.isPresent && (
                  <UndoUpload project={project} upload={change.upload} />
                )}
                {!isNow && <RestoreVersion project={project} change={change} />}
              </Group>
              {change.version > 0 && (
                <div className={classes.rows}>
                  <ChangedRows project={project} change={change} />
                </div>
              )}
            </li>
          );
        })}
    </ol>
  );
}

function What({ change }: { change: DatasetChange }) {
  const { t } = useTranslation();
  const from = change.upload ? ` ${t('data.from', { filename: change.upload.filename })}` : '';
  switch (change.operation) {
    case 'create':
      return <>{`${t('data.create')}${from}.`}</>;
    case 'merge':
      return <>{`${t('data.merge')}${from}.`}</>;
    case 'undo':
      return <>{`${t('data.undo', { filename: change.upload?.filename ?? '' })}.`}</>;
    case 'restore':
      return <>{`${t('data.restore', { version: change.restoredFrom ?? '' })}.`}</>;
  }
}
