import type { Model, Project } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { modelQuery, projectQuery, versionsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { useActor } from '../project/use-actor.ts';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { Evidence } from '../results/Evidence.tsx';
import { VerdictPanel } from '../results/VerdictPanel.tsx';
import { PutIntoProduction } from './PutIntoProduction.tsx';
import { settingNames } from './setting-names.ts';

/** Any two versions side by side, scored now on the test rows of today. */
export function CompareScreen() {
  const { t } = useTranslation();
  const { project: id, a, b } = useParams({ from: '/projects/$project/models/compare/$a/$b' });
  const { data: project } = useQuery(projectQuery(id));
  const first = useQuery(modelQuery(id, Number(a)));
  const second = useQuery(modelQuery(id, Number(b)));
  const failed = first.isError ? first : second.isError ? second : null;
  return (
    <Page
      title={t('models.compareTitle', { a, b })}
      lead={t('models.compareNote', { a, b })}
      eyebrow={<ProjectEyebrow project={project} />}
    >
      <div>
        <LinkButton
          to="/projects/$project/models"
          params={{ project: id }}
          variant="default"
          leftSection={<IconArrowLeft size={18} aria-hidden />}
        >
          {t('models.back')}
        </LinkButton>
      </div>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && !(project && first.data && second.data) && <Waiting />}
      {project && first.data && second.data && (
        <>
          <FreshEvidence project={project} a={first.data} b={second.data} />
          <FactsOfBoth a={first.data} b={second.data} champion={project.champion} />
        </>
      )}
    </Page>
  );
}

interface Pair {
  readonly a: Model;
  readonly b: Model;
}

function FreshEvidence({ project, a, b }: Pair & { readonly project: Project }) {
  const { t } = useTranslation();
  const query = useQuery(versionsQuery(project.id, a.version, b.version, project.dataset.version ?? 0));
  const called = useMemo(
    () => ({
      current: t('words.model', { version: a.version }),
      candidate: t('words.model', { version: b.version }),
    }),
    [t, a.version, b.version],
  );
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <>
        <Text role="status">{t('models.comparing')}</Text>
        <Waiting heights={[180, 320]} />
      </>
    );
  return (
    <>
      <VerdictPanel comparison={query.data} project={project} plain>
        {null}
      </VerdictPanel>
      <Evidence comparison={query.data} project={project} called={called} />
    </>
  );
}

function FactsOfBoth({ a, b, champion }: Pair & { readonly champion: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actor = useActor();
  const both = [a, b];
  const facts: Array<[string, (model: Model) => string]> = [
    [t('results.trainedAt'), (model) => format.dateTime(model.createdAt)],
    [t('data.version'), (model) => t('words.dataVersion', { version: model.datasetVersion })],
    [t('results.trainingRows'), (model) => format.integer(model.rows.training)],
    [t('results.mode'), (model) => t(`words.${model.mode}`)],
    [t('models.rounds'), (model) => format.integer(model.rounds)],
    [t('models.features'), (model) => format.integer(model.features.length)],
    [
      t('home.chosenBy'),
      ({ chosen }) =>
        chosen ? `${actor(chosen.by)}, ${format.dateTime(chosen.at)}` : t('models.neverChosen'),
    ],
    ...settingNames.map((setting): [string, (model: Model) => string] => [
      t(`models.settingNames.${setting}`),
      (model) => format.plain(model.settings[setting]),
    ]),
  ];
  return (
    <Panel title={t('models.facts')}>
      <Table
        caption={t('models.facts')}
        head={
          <tr>
            <th scope="col">{t('models.setting')}</th>
            {both.map(({ version }) => (
              <th key={version} scope="col">
                {t('words.model', { version })}
              </th>
            ))}
          </tr>
        }
      >
        {facts.map(([fact, valueOf]) => (
          <tr key={fact}>
            <th scope="row">{fact}</th>
            {both.map((model) => (
              <td key={model.version}>{valueOf(model)}</td>
            ))}
          </tr>
        ))}
        <tr>
          <th scope="row">{t('models.champion')}</th>
          {both.map((model) => (
            <td key={model.version}>
              {model.champion ? t('words.yes') : <PutIntoProduction model={model} champion={champion} />}
            </td>
          ))}
        </tr>
      </Table>
    </Panel>
  );
}
