import { Progress, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { runQuery } from '../../api/queries.ts';
import { isUnderWay } from '../../api/run-events.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';

const pollMs = 2000;

/** The run under way, in one line. */
export function ActiveRun({ run: id }: { run: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: run } = useQuery({
    ...runQuery(id),
    refetchInterval: (query) => (query.state.data && !isUnderWay(query.state.data) ? false : pollMs),
  });
  return (
    <Panel
      tone="accent"
      title={t('home.activeTitle')}
      actions={
        <LinkButton to="/runs/$run" params={{ run: id }}>
          {t('home.activeAction')}
        </LinkButton>
      }
    >
      {run && (
        <div>
          <Progress.Root size="lg">
            <Progress.Section value={run.progress.fraction * 100} aria-label={t('progress.overall')} />
          </Progress.Root>
          <Text size="sm" mt={6}>
            {t(`stages.${run.stage}`)} · {format.percent(run.progress.fraction)} · {run.progress.message}
          </Text>
        </div>
      )}
    </Panel>
  );
}
