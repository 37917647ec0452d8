import type { Cell, DatasetChange, RowChange } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { differenceQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import classes from './HistoryList.module.css';

/** Cells of a new or removed row that are shown; of a changed row all that changed. */
const shownCells = 4;

/** The rows in which a version differs from the one before; asked for when it is opened. */
export function ChangedRows({ project, change }: { project: string; change: DatasetChange }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const { version } = change;
  const query = useQuery({ ...differenceQuery(project, version), enabled: opened });
  return (
    <Disclosure title={t('data.whichRows')} onToggle={(open) => setOpened((before) => before || open)}>
      {opened && query.isPending && <Waiting heights={[120]} />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          <Text size="sm">
            {t('data.difference', {
              added: t('data.rowsAdded', { count: query.data.added }),
              changed: t('data.rowsChanged', { count: query.data.changed }),
              removed: t('data.rowsRemoved', { count: query.data.removed }),
            })}{' '}
            {query.data.rows.length < query.data.added + query.data.changed + query.data.removed &&
              t('data.differenceFirst', { count: query.data.rows.length })}
          </Text>
          {query.data.rows.length > 0 && (
            <Table
              compact
              maxHeight={360}
              caption={t('data.differenceCaption', { version })}
              head={
                <tr>
                  <th scope="col">{t('data.rowKind')}</th>
                  <th scope="col">{t('data.rowKey')}</th>
                  <th scope="col">{t('data.rowValues')}</th>
                </tr>
              }
            >
              {query.data.rows.map((row, place) => (
                <tr key={`${row.kind} ${row.key ?? place}`}>
                  <td>
                    <Tag tone={row.kind === 'changed' ? 'accent' : 'neutral'}>
                      {t(`data.kinds.${row.kind}`)}
                    </Tag>
                  </td>
                  <td>{row.key ?? '–'}</td>
                  <td>
                    <Values row={row} />
                  </td>
                </tr>
              ))}
            </Table>
          )}
        </>
      )}
    </Disclosure>
  );
}

function Values({ row: { kind, key, cells } }: { row: RowChange }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = (value: Cell): string => {
    if (value === null) return t('words.noValue');
    if (typeof value === 'boolean') return value ? t('words.yes') : t('words.no');
    return typeof value === 'number' ? format.number(value) : value;
  };
  if (kind === 'changed')
    return (
      <ul className={classes.values}>
        {cells.map(({ column, before, after }) => (
          <li key={column}>
            {column}: <del>{shown(before)}</del> → <ins>{shown(after)}</ins>
          </li>
        ))}
      </ul>
    );
  const told = cells
    .map(({ column, before, after }) => ({ column, value: kind === 'added' ? after : before }))
    .filter(({ value }) => value !== null && value !== key);
  return (
    <>
      {told
        .slice(0, shownCells)
        .map(({ column, value }) => `${column}: ${shown(value)}`)
        .join(' · ')}
      {told.length > shownCells && ' …'}
    </>
  );
}
