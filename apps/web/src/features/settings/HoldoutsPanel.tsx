import { fewestFreshRows, fewestOfEachOutcome, usualFreshRows, type Holdout } from '@kaefer/contracts';
import { Button, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { startHoldout } from '../../api/actions.ts';
import { holdoutsQuery, projectQuery, settingsQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { NoteField } from '../../ui/NoteField.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { useIsEngineer } from '../project/use-is-engineer.ts';

/** The sets of test rows that models are, were and will be compared on, and how a fresh one begins. */
export function HoldoutsPanel({ project }: { readonly project: string }) {
  const { t } = useTranslation();
  const isEngineer = useIsEngineer();
  const query = useQuery(holdoutsQuery(project));
  const holdouts = query.data ?? [];
  const inUse = holdouts.find(({ state }) => state === 'used');
  const isCollecting = holdouts.some(({ state }) => state === 'collecting');
  return (
    <Panel title={t('holdouts.title')} text={t('holdouts.text')}>
      <Stack gap="lg">
        {query.isPending && <Waiting />}
        {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
        {holdouts.length > 0 && <HoldoutTable holdouts={holdouts} />}
        {isEngineer && inUse !== undefined && !isCollecting && inUse.rows > 0 && (
          <StartForm project={project} rows={inUse.rows} hasTwoOutcomes={inUse.rarer !== null} />
        )}
      </Stack>
    </Panel>
  );
}

function HoldoutTable({ holdouts }: { readonly holdouts: readonly Holdout[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      caption={t('holdouts.title')}
      head={
        <tr>
          <th scope="col">{t('holdouts.set')}</th>
          <th scope="col">{t('holdouts.state')}</th>
          <th scope="col" data-number>
            {t('holdouts.rows')}
          </th>
          <th scope="col" data-number>
            {t('holdouts.looks')}
          </th>
          <th scope="col">{t('holdouts.since')}</th>
        </tr>
      }
    >
      {holdouts.map(({ number, state, rows, rarer, needed, looks, startedAt, startedBy, note }) => (
        <tr key={number}>
          <th scope="row">{format.plain(number)}</th>
          <td style={{ whiteSpace: 'nowrap' }}>
            <Tag tone={state === 'used' ? 'better' : 'neutral'}>{t(`holdouts.states.${state}`)}</Tag>
          </td>
          <td data-number>
            {state === 'collecting'
              ? t('holdouts.rowsOf', { rows, needed })
              : t('holdouts.rowCount', { rows })}
            {state === 'collecting' && rarer !== null && rarer < fewestOfEachOutcome && (
              <Text size="sm" c="dimmed">
                {t('holdouts.rarer', { rarer, needed: fewestOfEachOutcome })}
              </Text>
            )}
          </td>
          <td data-number>{format.plain(looks)}</td>
          <td>
            {format.date(startedAt)} {startedBy !== null && t('data.by', { by: startedBy })}
            {note !== null && (
              <Text size="sm" c="dimmed">
                “{note}”
              </Text>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function StartForm({
  project,
  rows: present,
  hasTwoOutcomes,
}: {
  readonly project: string;
  readonly rows: number;
  readonly hasTwoOutcomes: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useNotice();
  const queryClient = useQueryClient();
  const [rows, setRows] = useState<number | string>(
    Math.max(fewestFreshRows, Math.min(usualFreshRows, present)),
  );
  const [note, setNote] = useState('');
  const starting = useMutation({
    mutationFn: () =>
      startHoldout(project, { rows: Number(rows), ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    onSuccess: async (holdouts) => {
      queryClient.setQueryData(holdoutsQuery(project).queryKey, holdouts);
      say(t('holdouts.started'));
      await queryClient.invalidateQueries({ queryKey: projectQuery(project).queryKey });
      await queryClient.invalidateQueries({ queryKey: settingsQuery(project).queryKey });
    },
  });
  const isPossible = typeof rows === 'number' && rows >= fewestFreshRows;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isPossible) starting.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2 }} style={{ alignItems: 'end' }}>
          <NumberInput
            hideControls
            allowDecimal={false}
            min={fewestFreshRows}
            label={t('holdouts.wanted')}
            description={t(hasTwoOutcomes ? 'holdouts.wantedHintTwo' : 'holdouts.wantedHint', {
              fewest: fewestFreshRows,
              each: fewestOfEachOutcome,
            })}
            thousandSeparator={format.thousandSeparator}
            decimalSeparator={format.typing.decimalSeparator}
            value={rows}
            onChange={setRows}
          />
          <NoteField label={t('holdouts.note')} value={note} onChange={setNote} />
        </SimpleGrid>
        {starting.error && <ErrorNotice error={starting.error} />}
        <div>
          <Button type="submit" variant="default" loading={starting.isPending} disabled={!isPossible}>
            {t('holdouts.start')}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
