import type { Comparison } from '@kaefer/contracts';
import { Group, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { downloads } from '../../api/actions.ts';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** The proof that the test was fair, and the file to check it with. */
export function AuditPanel({
  comparison,
  run,
}: {
  readonly comparison: Comparison;
  /** The run that keeps the file; undefined: none does. */
  readonly run: string | undefined;
}) {
  const { t } = useTranslation();
  const { audit, bootstrapDraws: draws, unseenValues } = comparison;
  const both = audit.currentTrainingRows !== null;
  const counts = { overlap: audit.overlap, rows: audit.holdoutRows };
  const fair = audit.overlap === 0;
  const { number = 1, collecting } = comparison.holdout;
  return (
    <Panel title={t('results.audit')}>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        {fair ? (
          <IconShieldCheck size={28} aria-hidden color="var(--kaefer-better)" style={{ flex: 'none' }} />
        ) : (
          <IconShieldX size={28} aria-hidden color="var(--kaefer-worse)" style={{ flex: 'none' }} />
        )}
        <div>
          <Text fw={600}>{both ? t('results.auditText', counts) : t('results.auditFirst', counts)}</Text>
          <Text size="sm" c="dimmed">
            {both
              ? t('results.auditDetail', {
                  candidate: audit.candidateTrainingRows,
                  current: audit.currentTrainingRows ?? 0,
                  draws,
                })
              : t('results.auditDetailFirst', { candidate: audit.candidateTrainingRows, draws })}{' '}
            {unseenValues.candidate > 0 && t('results.auditUnseen', { count: unseenValues.candidate })}
          </Text>
          {number > 1 && (
            <Text size="sm" c="dimmed">
              {t('holdouts.comparedOn', { number })}
            </Text>
          )}
          {collecting && (
            <Text size="sm" c="dimmed">
              {t('holdouts.underWay', collecting)}
            </Text>
          )}
        </div>
      </Group>
      {run !== undefined && (
        <div>
          <DownloadButton href={downloads.holdout(run, comparison.candidate.model.version)}>
            {t('results.downloadHoldout')}
          </DownloadButton>
        </div>
      )}
    </Panel>
  );
}
