import { Group, Text } from '@mantine/core';
import { IconFileCertificate, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { contractVersionsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import classes from '../data/HistoryList.module.css';
import { contractDifference } from './contract-choices.ts';

/** Who changed what of a contract, when and why; the newest first. */
export function ContractHistory({ project, source }: { project: string; source: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: versions, ...query } = useQuery(contractVersionsQuery(project, source));
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (versions === undefined) return <Waiting heights={[80]} />;
  return (
    <ol className={classes.history}>
      {versions.map(({ version, contract, isInferred, note, changedBy, changedAt }, index) => {
        const before = versions[index + 1]?.contract;
        const difference = before && contractDifference(before, contract);
        const Icon = before === undefined ? IconPlus : IconFileCertificate;
        return (
          <li key={version}>
            <span className={classes.icon} data-now={index === 0 || undefined}>
              <Icon size={18} aria-hidden />
            </span>
            <div className={classes.text}>
              <Group gap="xs">
                <strong>{t('contract.versionShort', { version })}</strong>
                <Text size="sm" c="dimmed">
                  {changedAt !== null && format.dateTime(changedAt)}{' '}
                  {changedBy !== null && t('data.by', { by: changedBy })}
                </Text>
              </Group>
              {isInferred && <Text>{t('contract.fromFile')}</Text>}
              {difference && difference.columns.length > 0 && (
                <Text style={{ overflowWrap: 'anywhere' }}>
                  {t('contract.changedColumns', { columns: difference.columns.slice(0, 12).join(', ') })}
                </Text>
              )}
              {difference?.hasOther && <Text>{t('contract.changedRules')}</Text>}
              {note && (
                <Text size="sm" c="dimmed">
                  “{note}”
                </Text>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
