import type { Run } from '@kaefer/contracts';
import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle, IconBan, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/LinkButton.tsx';

/** What became of a run that has ended, and where to go from there. */
export function RunEnd({ run }: { run: Run }) {
  const { t } = useTranslation();
  const toTrain = (
    <LinkButton to="/projects/$project/train" params={{ project: run.project }}>
      {t('progress.toTrain')}
    </LinkButton>
  );
  const toData = (
    <LinkButton to="/projects/$project/data" params={{ project: run.project }} variant="default">
      {t('progress.toData')}
    </LinkButton>
  );
  switch (run.status) {
    case 'queued':
    case 'running':
      return null;
    case 'awaiting_decision':
    case 'awaiting_approval':
    case 'decided':
      return (
        <Alert color="green" icon={<IconCircleCheck aria-hidden />} title={t('progress.readyTitle')}>
          <Text mb="sm">
            {run.status === 'decided' ? t('progress.decidedText') : t('progress.readyText')}
          </Text>
          <LinkButton to="/runs/$run/results" params={{ run: run.id }}>
            {t('progress.toResults')}
          </LinkButton>
        </Alert>
      );
    case 'failed':
      return (
        <Alert
          role="alert"
          color="red"
          icon={<IconAlertTriangle aria-hidden />}
          title={run.error?.title ?? t('status.failed')}
        >
          <Text mb="xs">{run.error?.detail}</Text>
          <Text fw={600}>{t('progress.failedNext')}</Text>
          <Text mb="sm">{t('progress.failedText')}</Text>
          <Group>
            {toTrain}
            {toData}
          </Group>
        </Alert>
      );
    case 'cancelled':
      return (
        <Alert color="gray" icon={<IconBan aria-hidden />} title={t('progress.cancelledTitle')}>
          <Text mb="sm">{t('progress.cancelledText')}</Text>
          <Group>{toTrain}</Group>
        </Alert>
      );
  }
}
