import type { ModelSummary, Task } from '@kaefer/contracts';
import { Checkbox, Group, Text, Title } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { downloads } from '../../api/actions.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useActor } from '../project/use-actor.ts';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { metricsOfTask } from '../results/metric-facts.ts';
import classes from './Models.module.css';
import { PutIntoProduction } from './PutIntoProduction.tsx';

interface Props {
  readonly model: ModelSummary;
  readonly task: Task | undefined;
  readonly champion: number | null;
  readonly selected: boolean;
  readonly onSelect: (() => void) | undefined;
}

const shownMetrics = 4;

/** One version in a few lines: what it was made of, how good it is, who chose it and why. */
export function ModelCard({ model, task, champion, selected, onSelect }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const actor = useActor();
  const { project, version, chosen } = model;
  const name = t('words.model', { version });
  const metrics = (task ? metricsOfTask[task] : []).filter((metric) => model.metrics[metric] != null);
  return (
    <article className={classes.card} data-champion={model.champion || undefined} aria-label={name}>
      <div className={classes.head}>
        <Title order={2}>{name}</Title>
        {model.champion && (
          <Tag tone="accent" icon={<IconCircleCheck size={15} aria-hidden />}>
            {t('models.champion')}
          </Tag>
        )}
        {onSelect && (
          <Checkbox
            className={classes.selector}
            label={t('models.select', { version })}
            checked={selected}
            onChange={onSelect}
          />
        )}
      </div>
      <Text size="sm" c="dimmed">
        {[
          t('models.trained', { when: format.dateTime(model.createdAt) }),
          t('models.data', {
            version: model.datasetVersion,
            rows: t('words.rows', { count: model.rows.training }),
          }),
          model.mode !== 'full' && model.parent !== null
            ? t(`models.modeFrom.${model.mode}`, { version: model.parent })
            : t(`words.${model.mode}`),
        ].join(' · ')}
      </Text>
      {metrics.length > 0 ? (
        <dl className={classes.figures}>
          {metrics.slice(0, shownMetrics).map((metric) => (
            <div key={metric}>
              <dt>{t(`metrics.${metric}.name`)}</dt>
              <dd>{format.number(model.metrics[metric])}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <Text size="sm">{t('models.noMetrics')}</Text>
      )}
      <Text size="sm">
        {chosen
          ? t('models.chosen', { by: actor(chosen.by), at: format.dateTime(chosen.at) })
          : t('models.neverChosen')}
        {chosen?.note && `: “${chosen.note}”`}
      </Text>
      {model.undoneUploads.length > 0 && (
        <Text size="sm" fw={600}>
          {t('models.undone', {
            count: model.undoneUploads.length,
            files: model.undoneUploads.map(({ filename }) => filename).join(', '),
          })}
        </Text>
      )}
      <Group gap="sm">
        <LinkButton
          to="/projects/$project/models/$version"
          params={{ project, version: String(version) }}
          variant="default"
          aria-label={`${t('models.details')}: ${name}`}
        >
          {t('models.details')}
        </LinkButton>
        <DownloadButton
          href={downloads.model(project, version)}
          label={t('models.downloadModel', { version })}
        >
          {t('models.download')}
        </DownloadButton>
        <PutIntoProduction model={model} champion={champion} />
      </Group>
    </article>
  );
}
