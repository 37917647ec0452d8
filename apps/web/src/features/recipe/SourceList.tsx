import type { SourceTable } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Table } from '../../ui/Table.tsx';

/** Each report with its key, its columns and what of it is in the lake. */
export function SourceList({ sources }: { readonly sources: readonly SourceTable[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      caption={t('recipe.reports')}
      head={
        <tr>
          <th scope="col">{t('recipe.report')}</th>
          <th scope="col">{t('recipe.key')}</th>
          <th scope="col" data-number>
            {t('recipe.rows')}
          </th>
          <th scope="col">{t('recipe.columns')}</th>
        </tr>
      }
    >
      {sources.map(({ name, key, rows, columns, version }) => (
        <tr key={name}>
          <th scope="row">
            <code>{name}</code>
          </th>
          <td>{key.join(' + ')}</td>
          <td data-number>{format.integer(rows)}</td>
          <td>
            {version === null
              ? t('recipe.nothingYet')
              : columns.map((column) => `${column.name} (${t(`types.${column.type}`)})`).join(', ')}
          </td>
        </tr>
      ))}
    </Table>
  );
}
