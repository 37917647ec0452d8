import type { Project } from '@kaefer/contracts';
import { Loader, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import { ActiveRun } from './ActiveRun.tsx';

/** While the demonstration is being set up. */
export function PreparingState({ project }: { project: Project }) {
  const { t } = useTranslation();
  return (
    <>
      <Panel title={t('home.preparingTitle')} actions={<Loader type="dots" aria-hidden />}>
        <Text role="status">{t('home.preparingText')}</Text>
      </Panel>
      {project.activeRun && <ActiveRun run={project.activeRun} />}
    </>
  );
}
