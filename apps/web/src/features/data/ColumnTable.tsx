import type { Column } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchField } from '../../ui/SearchField.tsx';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { matches } from '../execute/form-fields.ts';

const searchFrom = 15;

/** The columns with their types, and what each is used for. */
export function ColumnTable({ columns }: { columns: readonly Column[] }) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const found = search.trim() === '' ? columns : columns.filter(({ name }) => matches(name, search));
  return (
    <>
      {columns.length >= searchFrom && (
        <SearchField label={t('data.columnsFind')} value={search} onChange={setSearch} />
      )}
      {found.length === 0 ? (
        <Text role="status">{t('data.columnsNone')}</Text>
      ) : (
        <Table
          compact
          maxHeight={480}
          caption={t('data.columnsCaption')}
          head={
            <tr>
              <th scope="col">{t('files.column')}</th>
              <th scope="col">{t('files.type')}</th>
              <th scope="col">{t('files.role')}</th>
            </tr>
          }
        >
          {found.map((column) => (
            <tr key={column.name}>
              <th scope="row">{column.name}</th>
              <td>{t(`types.${column.type}`)}</td>
              <td>
                {column.role === 'feature' ? (
                  t('roles.feature')
                ) : (
                  <Tag tone={column.role === 'excluded' ? 'neutral' : 'accent'}>
                    {t(`roles.${column.role}`)}
                  </Tag>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
