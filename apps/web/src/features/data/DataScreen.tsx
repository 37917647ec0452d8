import { IconDatabase } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { datasetQuery, projectQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import { ContractPanel } from '../contract/ContractPanel.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { ColumnTable } from './ColumnTable.tsx';
import { ReportsOfProject } from '../recipe/ReportsOfProject.tsx';
import { HistoryList } from './HistoryList.tsx';

/** The project's table: what it is now, and how it came to be. */
export function DataScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const { project: id } = useParams({ from: '/projects/$project/data' });
  const { data: project, ...projectState } = useQuery(projectQuery(id));
  const empty = project?.dataset.version === null;
  const query = useQuery({ ...datasetQuery(id), enabled: project !== undefined && !empty });
  const dataset = query.data;
  const failed = projectState.isError ? projectState : query.isError ? query : null;

  return (
    <Page
      title={t('data.title')}
      lead={t(project && project.sources.length > 0 ? 'recipe.dataLead' : 'data.lead')}
      eyebrow={<ProjectEyebrow project={project} />}
    >
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && !empty && !dataset && <Waiting heights={[110, 260, 260]} />}
      {empty && (
        <Empty
          icon={<IconDatabase size={40} stroke={1.4} aria-hidden />}
          title={t('data.empty')}
          text={t('data.emptyText')}
          action={
            <LinkButton to="/projects/$project/train" params={{ project: id }}>
              {t('data.toTrain')}
            </LinkButton>
          }
        />
      )}
      {project && empty && <ContractPanel project={project} />}
      {project && dataset && !empty && (
        <>
          <Panel>
            <Facts
              columns
              items={[
                { name: t('data.version'), value: format.integer(dataset.version) },
                { name: t('data.rows'), value: format.integer(dataset.rows) },
                { name: t('data.columns'), value: format.integer(dataset.columns.length) },
                {
                  name: t('data.updated'),
                  value: project.dataset.updatedAt
                    ? `${format.dateTime(project.dataset.updatedAt)} (${format.ago(project.dataset.updatedAt, now)})`
                    : '–',
                },
              ]}
            />
          </Panel>
          {project.sources.length > 0 && <ReportsOfProject project={id} />}
          <Panel title={t('data.history')}>
            <HistoryList project={id} dataset={dataset} canRestore={project.sources.length === 0} />
          </Panel>
          <ContractPanel project={project} />
          <Panel title={t('data.columnsTitle')}>
            <ColumnTable columns={dataset.columns} />
          </Panel>
        </>
      )}
    </Page>
  );
}
