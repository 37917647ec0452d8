import type { Decision } from '@kaefer/contracts';
import { Alert, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';

/** What was decided, by whom and why. */
export function DecidedNotice({ decision }: { decision: Decision }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Alert
      color="green"
      icon={<IconCircleCheck aria-hidden />}
      title={t(decision.choice === 'candidate' ? 'results.decidedUse' : 'results.decidedKeep', {
        version: decision.champion,
      })}
    >
      <Text>
        {decision.automatic
          ? t('results.decidedAutomatically', { at: format.dateTime(decision.at) })
          : t('results.decidedBy', { by: decision.by, at: format.dateTime(decision.at) })}
      </Text>
      {decision.approvedBy && <Text>{t('approval.by', { by: decision.approvedBy })}</Text>}
      {decision.note && <Text>{t('results.decidedNote', { note: decision.note })}</Text>}
      <LinkButton to="/projects/$project/execute" params={{ project: decision.project }} mt="sm">
        {t('results.toExecute')}
      </LinkButton>
    </Alert>
  );
}
