import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sourcesQuery } from '../../api/queries.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { SourceList } from './SourceList.tsx';

/** The reports that the training table is made of. */
export function ReportsOfProject({ project }: { readonly project: string }) {
  const { t } = useTranslation();
  const { data, isError, error, refetch } = useQuery(sourcesQuery(project));
  return (
    <Panel
      title={t('recipe.reports')}
      text={t('recipe.dataText')}
      actions={
        <LinkButton variant="default" to="/projects/$project/recipe" params={{ project }}>
          {t('recipe.open')}
        </LinkButton>
      }
    >
      {isError && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!isError && !data && <Waiting heights={[120]} />}
      {data && <SourceList sources={data} />}
    </Panel>
  );
}
