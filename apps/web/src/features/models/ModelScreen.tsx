import type { Model } from '@kaefer/contracts';
import { Group, Text } from '@mantine/core';
import { IconArrowLeft, IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { downloads } from '../../api/actions.ts';
import { modelQuery, projectQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useActor } from '../project/use-actor.ts';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ImportancePlot } from '../plots/ImportancePlot.tsx';
import { StoredLearningCurve } from '../plots/StoredLearningCurve.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { MetricTable } from '../results/MetricTable.tsx';
import { FeatureTable } from './FeatureTable.tsx';
import { PutIntoProduction } from './PutIntoProduction.tsx';
import { settingNames } from './setting-names.ts';
import { TuningTable } from './TuningTable.tsx';

/** Everything that is known of one version. */
export function ModelScreen() {
  const { t } = useTranslation();
  const { project: id, version } = useParams({ from: '/projects/$project/models/$version' });
  const { data: project } = useQuery(projectQuery(id));
  const query = useQuery(modelQuery(id, Number(version)));
  const model = query.data;
  const name = t('words.model', { version });
  return (
    <Page
      title={name}
      eyebrow={<ProjectEyebrow project={project} />}
      lead={model?.verdict && t(`results.outcome.${model.verdict}`)}
      actions={
        model?.champion && (
          <Tag tone="accent" icon={<IconCircleCheck size={15} aria-hidden />}>
            {t('models.champion')}
          </Tag>
        )
      }
    >
      <Group gap="sm">
        <LinkButton
          to="/projects/$project/models"
          params={{ project: id }}
          variant="default"
          leftSection={<IconArrowLeft size={18} aria-hidden />}
        >
          {t('models.back')}
        </LinkButton>
        {model && (
          <>
            <LinkButton to="/runs/$run/results" params={{ run: model.run }} variant="default">
              {t('models.evidence')}
            </LinkButton>
            <DownloadButton
              href={downloads.model(id, model.version)}
              label={t('models.downloadModel', { version })}
            >
              {t('models.download')}
            </DownloadButton>
            <PutIntoProduction model={model} champion={project?.champion ?? null} />
          </>
        )}
      </Group>
      {!model &&
        (query.isError ? (
          <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Waiting />
        ))}
      {model && (
        <>
          <ModelFactsPanel model={model} />
          {project && (
            <Panel title={t('models.metrics')}>
              {Object.keys(model.metrics).length > 0 ? (
                <MetricTable
                  caption={t('models.metrics')}
                  task={project.task}
                  current={null}
                  candidate={model.metrics}
                  difference={null}
                  names={{ current: '', candidate: name }}
                />
              ) : (
                <Text c="dimmed">{t('models.noMetrics')}</Text>
              )}
            </Panel>
          )}
          <Panel title={t('models.importance')} text={t('results.importanceHint')}>
            <ImportancePlot
              current={null}
              candidate={model.importance}
              names={{ current: '', candidate: name }}
            />
          </Panel>
          <Panel title={t('progress.curve')} text={t('progress.curveText')}>
            {model.learningCurve.train.length > 0 && <StoredLearningCurve curve={model.learningCurve} />}
          </Panel>
          <Panel title={t('models.features')}>
            <FeatureTable model={model} />
          </Panel>
        </>
      )}
    </Page>
  );
}

function ModelFactsPanel({ model }: { model: Model }) {
  const { t } = useTranslation();
  const format = useFormat();
  const actor = useActor();
  const { chosen } = model;
  return (
    <>
      <Panel title={t('models.facts')}>
        <Facts
          columns
          items={[
            { name: t('results.trainedAt'), value: format.dateTime(model.createdAt) },
            { name: t('data.version'), value: t('words.dataVersion', { version: model.datasetVersion }) },
            {
              name: t('results.trainingRows'),
              value:
                model.rows.replayed === 0
                  ? format.integer(model.rows.training)
                  : t('results.replayedRows', {
                      rows: format.integer(model.rows.training),
                      replayed: format.integer(model.rows.replayed),
                    }),
            },
            { name: t('results.mode'), value: t(`words.${model.mode}`) },
            ...(model.parent === null
              ? []
              : [{ name: t('models.parent'), value: t('words.model', { version: model.parent }) }]),
            { name: t('models.rounds'), value: format.integer(model.rounds) },
            ...(model.threshold === null
              ? []
              : [{ name: t('metrics.threshold.name'), value: format.percent(model.threshold, 1) }]),
            ...(model.classes.length === 0
              ? []
              : [{ name: t('models.classes'), value: model.classes.join(', ') }]),
            { name: t('models.library'), value: model.library },
            { name: t('models.size'), value: format.bytes(model.bytes) },
            {
              name: t('home.chosenBy'),
              value: chosen ? `${actor(chosen.by)}, ${format.dateTime(chosen.at)}` : t('models.neverChosen'),
            },
            ...(chosen?.note ? [{ name: t('home.note'), value: `“${chosen.note}”` }] : []),
          ]}
        />
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('models.checksum')}: {model.sha256}
        </Text>
      </Panel>
      <Panel title={t('models.settings')}>
        <Facts
          columns
          items={settingNames
            .map((setting) => ({
              name: t(`models.settingNames.${setting}`),
              value: format.plain(model.settings[setting]),
            }))
            .concat(
              model.positiveWeight === 1
                ? []
                : [{ name: t('models.positiveWeight'), value: format.plain(model.positiveWeight) }],
              Object.entries(model.settings.monotone).map(([column, direction]) => ({
                name: column,
                value: t(direction === 1 ? 'models.rises' : 'models.falls'),
              })),
            )}
        />
        {model.tuning && <TuningTable tuning={model.tuning} />}
      </Panel>
    </>
  );
}
