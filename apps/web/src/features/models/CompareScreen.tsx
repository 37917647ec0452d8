import type { Model } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { modelQuery, projectQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ImportancePlot } from '../plots/ImportancePlot.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { metricsOfTask } from '../results/metric-facts.ts';
import { PutIntoProduction } from './PutIntoProduction.tsx';
import { settingNames } from './setting-names.ts';

/** Any two versions side by side. */
export function CompareScreen() {
  const { t } = useTranslation();
  const { project: id, a, b } = useParams({ from: '/projects/$project/models/compare/$a/$b' });
  const { data: project } = useQuery(projectQuery(id));
  const first = useQuery(modelQuery(id, Number(a)));
  const second = useQuery(modelQuery(id, Number(b)));
  const failed = first.isError ? first : second.isError ? second : null;
  return (
    <Page title={t('models.compareTitle', { a, b })} eyebrow={<ProjectEyebrow project={project} />}>
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
        <Pair
          a={first.data}
          b={second.data}
          metrics={metricsOfTask[project.task]}
          champion={project.champion}
        />
      )}
    </Page>
  );
}

interface PairProps {
  readonly a: Model;
  readonly b: Model;
  readonly metrics: (typeof metricsOfTask)[keyof typeof metricsOfTask];
  readonly champion: number | null;
}

function Pair({ a, b, metrics, champion }: PairProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const name = (model: Model) => t('words.model', { version: model.version });
  const both = [a, b];
  const head = (difference: boolean) => (
    <tr>
      <th scope="col">{t('results.metric')}</th>
      {both.map((model) => (
        <th key={model.version} scope="col" data-number={difference || undefined}>
          {name(model)}
        </th>
      ))}
      {difference && (
        <th scope="col" data-number>
          {t('models.difference')}
        </th>
      )}
    </tr>
  );
  const facts: Array<[string, (model: Model) => string]> = [
    [t('results.trainedAt'), (model) => format.dateTime(model.createdAt)],
    [t('data.version'), (model) => t('words.dataVersion', { version: model.datasetVersion })],
    [t('results.trainingRows'), (model) => format.integer(model.rows.training)],
    [t('results.mode'), (model) => t(`words.${model.mode}`)],
    [t('models.rounds'), (model) => format.integer(model.rounds)],
    [t('models.features'), (model) => format.integer(model.features.length)],
    [
      t('home.chosenBy'),
      ({ chosen }) => (chosen ? `${chosen.by}, ${format.dateTime(chosen.at)}` : t('models.neverChosen')),
    ],
    ...settingNames.map((setting): [string, (model: Model) => string] => [
      t(`models.settingNames.${setting}`),
      (model) => format.plain(model.settings[setting]),
    ]),
  ];
  return (
    <>
      <Panel title={t('models.metrics')} text={t('models.compareNote')}>
        <Table caption={t('models.metrics')} head={head(true)}>
          {metrics.map((metric) => {
            const [before, after] = [a.metrics[metric] ?? null, b.metrics[metric] ?? null];
            return (
              <tr key={metric}>
                <th scope="row">
                  {t(`metrics.${metric}.name`)}
                  <Text size="xs" c="dimmed" fw={400} maw="44ch">
                    {t(`metrics.${metric}.hint`)}
                  </Text>
                </th>
                <td data-number>{format.number(before)}</td>
                <td data-number>{format.number(after)}</td>
                <td data-number>
                  {format.signed(before === null || after === null ? null : after - before)}
                </td>
              </tr>
            );
          })}
        </Table>
      </Panel>
      <Panel title={t('results.importance')} text={t('results.importanceHint')}>
        <ImportancePlot
          current={a.importance}
          candidate={b.importance}
          names={{ current: name(a), candidate: name(b) }}
        />
      </Panel>
      <Panel title={t('models.facts')}>
        <Table caption={t('models.facts')} head={head(false)}>
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
    </>
  );
}
