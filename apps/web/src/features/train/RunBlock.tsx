import type { Project } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** Says why no retrain can start now, and leads to what is in the way. */
export function RunBlock({ project }: { project: Project }) {
  const { t } = useTranslation();
  if (project.activeRun)
    return (
      <Panel
        tone="attention"
        title={t('train.activeTitle')}
        text={t('train.activeText')}
        actions={
          <LinkButton to="/runs/$run" params={{ run: project.activeRun }}>
            {t('home.activeAction')}
          </LinkButton>
        }
      />
    );
  if (project.waitingRun)
    return (
      <Panel
        tone="attention"
        title={t('home.waitingTitle')}
        text={t('train.waitingText')}
        actions={
          <LinkButton to="/runs/$run/results" params={{ run: project.waitingRun }}>
            {t('home.waitingAction')}
          </LinkButton>
        }
      />
    );
  return null;
}
