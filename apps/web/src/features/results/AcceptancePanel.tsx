import type { AcceptanceCheck, Comparison } from '@kaefer/contracts';
import { Group, List, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';

/** What had to hold for the project to accept the new model by itself, and whether it did. */
export function AcceptancePanel({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { automatic } = comparison;
  if (!automatic) return null;
  const detail = ({ value, limit }: AcceptanceCheck): string =>
    value === null || limit === null
      ? ''
      : t('results.acceptanceValue', { value: format.integer(value), limit: format.integer(limit) });
  return (
    <Panel
      title={t('results.acceptance')}
      text={t(automatic.accepted ? 'results.acceptanceYes' : 'results.acceptanceNo')}
    >
      <List listStyleType="none" spacing="xs">
        {automatic.checks.map((check) => (
          <List.Item key={check.name}>
            <Group gap="xs" wrap="nowrap" align="flex-start">
              {check.passed ? (
                <IconCircleCheck
                  size={20}
                  aria-hidden
                  color="var(--kaefer-better)"
                  style={{ flex: 'none' }}
                />
              ) : (
                <IconCircleX size={20} aria-hidden color="var(--kaefer-worse)" style={{ flex: 'none' }} />
              )}
              <Text>
                {t(`results.acceptanceChecks.${check.name}`)} {detail(check)}{' '}
                <strong>{t(check.passed ? 'words.holds' : 'words.holdsNot')}</strong>
              </Text>
            </Group>
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
