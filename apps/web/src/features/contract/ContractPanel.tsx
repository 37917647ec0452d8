import type { Project } from '@kaefer/contracts';
import { NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contractQuery } from '../../api/queries.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { ContractForm } from './ContractForm.tsx';
import { ContractHistory } from './ContractHistory.tsx';

/** What is agreed of a project's files, or of those of each of its reports. */
export function ContractPanel({ project }: { project: Project }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [chosen, setChosen] = useState<string | null>(project.sources[0]?.name ?? null);
  const { data: state, ...query } = useQuery(contractQuery(project.id, chosen));
  const isOpen = useOpenFirst();
  return (
    <Panel title={t('contract.title')} text={t('contract.text')}>
      {project.sources.length > 0 && (
        <NativeSelect
          maw={360}
          label={t('contract.report')}
          value={chosen ?? ''}
          data={project.sources.map(({ name }) => name)}
          onChange={(event) => setChosen(event.currentTarget.value)}
        />
      )}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Waiting heights={[200]} />}
      {state && state.columns.length === 0 && <Text>{t('contract.empty')}</Text>}
      {state && state.columns.length > 0 && (
        <>
          <Text size="sm">
            {state.version === 0
              ? t('contract.notStored')
              : state.isInferred
                ? t('contract.inferred', { version: state.version })
                : t('contract.version', {
                    version: state.version,
                    by: state.changedBy ?? '',
                    at: state.changedAt === null ? '' : format.dateTime(state.changedAt),
                  })}
          </Text>
          <ContractForm key={`${state.source ?? ''} ${state.version}`} project={project.id} state={state} />
          {state.version > 0 && (
            <Disclosure title={t('contract.history')} onToggle={isOpen.toggle}>
              {isOpen.wasOpened && <ContractHistory project={project.id} source={chosen} />}
            </Disclosure>
          )}
        </>
      )}
    </Panel>
  );
}

/** Whether something was ever opened: only then it is asked for. */
function useOpenFirst() {
  const [wasOpened, setOpened] = useState(false);
  return { wasOpened, toggle: (open: boolean) => setOpened((before) => before || open) };
}
