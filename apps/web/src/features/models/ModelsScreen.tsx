import { Group, Text } from '@mantine/core';
import { IconScale, IconStack2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { modelsQuery, projectQuery } from '../../api/queries.ts';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { ChampionHistory } from './ChampionHistory.tsx';
import { ModelCard } from './ModelCard.tsx';
import classes from './Models.module.css';
import { withSelected } from './selection.ts';

/** Every version ever trained. */
export function ModelsScreen() {
  const { t } = useTranslation();
  const { project: id } = useParams({ from: '/projects/$project/models' });
  const { data: project } = useQuery(projectQuery(id));
  const query = useQuery(modelsQuery(id));
  const [selected, setSelected] = useState<readonly number[]>([]);
  const models = query.data?.toSorted((a, b) => b.version - a.version) ?? [];
  const [a, b] = selected.toSorted((one, other) => one - other);

  return (
    <Page title={t('models.title')} lead={t('models.lead')} eyebrow={<ProjectEyebrow project={project} />}>
      {query.isPending && <Waiting heights={[60, 170, 170]} />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && models.length === 0 && (
        <Empty
          icon={<IconStack2 size={40} stroke={1.4} aria-hidden />}
          title={t('models.empty')}
          text={t('models.emptyText')}
          action={
            <LinkButton to="/projects/$project/train" params={{ project: id }}>
              {t('home.firstAction')}
            </LinkButton>
          }
        />
      )}
      <ChampionHistory project={id} />
      {models.length > 1 && (
        <Group className={classes.compare} role="status" wrap="nowrap">
          <IconScale size={22} aria-hidden />
          {a !== undefined && b !== undefined ? (
            <LinkButton
              to="/projects/$project/models/compare/$a/$b"
              params={{ project: id, a: String(a), b: String(b) }}
              size="xs"
            >
              {t('models.compareSelected', { a, b })}
            </LinkButton>
          ) : (
            <Text size="sm">{t('models.compareHint')}</Text>
          )}
        </Group>
      )}
      {models.map((model) => (
        <ModelCard
          key={model.version}
          model={model}
          task={project?.task}
          champion={project?.champion ?? null}
          selected={selected.includes(model.version)}
          onSelect={
            models.length > 1 ? () => setSelected((list) => withSelected(list, model.version)) : undefined
          }
        />
      ))}
    </Page>
  );
}
