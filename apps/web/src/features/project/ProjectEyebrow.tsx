import type { Project } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconTestPipe } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag.tsx';

/** Above every title: whose screen it is, and whether its data is only simulated. */
export function ProjectEyebrow({
  project,
  hideName = false,
}: {
  project: Project | undefined;
  hideName?: boolean;
}) {
  const { t } = useTranslation();
  if (!project) return null;
  return (
    <>
      {!hideName && (
        <Text size="sm" c="dimmed" fw={550}>
          {project.name}
        </Text>
      )}
      {project.simulated && (
        <Tag tone="attention" icon={<IconTestPipe size={15} aria-hidden />} title={t('app.simulatedHint')}>
          {t('app.simulated')}
        </Tag>
      )}
    </>
  );
}
