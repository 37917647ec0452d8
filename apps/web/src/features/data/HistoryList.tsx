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

interface Props {
  readonly project: string;
  readonly dataset: Dataset;
  /** Whether a version may be brought back: not of a table that a recipe makes. */
  readonly canRestore: boolean;
}

/** The versions, the newest first, and what each upload changed. */
export function HistoryList({ project, dataset, canRestore }: Props) {
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
                {!isNow && canRestore && <RestoreVersion project={project} change={change} />}
              </Group>
              {change.reports.length > 0 && <ReportList project={project} reports={change.reports} />}
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

/** The reports that came into the table with a version. */
function ReportList({ project, reports }: { project: string; reports: DatasetChange['reports'] }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.reports}>
      {reports.map(({ id, filename, source, isPresent }) => (
        <li key={id}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            <strong>{source}</strong>: {filename}
          </Text>
          {isPresent ? (
            <UndoUpload project={project} upload={{ id, filename }} isReport />
          ) : (
            <Tag>{t('recipe.undone')}</Tag>
          )}
        </li>
      ))}
    </ul>
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
