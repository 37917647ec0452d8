import type { CellFormat, ColumnType } from '@kaefer/contracts';
import { useTranslation } from 'react-i18next';
import { Table } from '../../ui/Table.tsx';
import classes from './PreviewTable.module.css';

interface Props {
  readonly filename: string;
  readonly columns: ReadonlyArray<{ name: string; type: ColumnType; format: CellFormat; role?: string }>;
  readonly rows: ReadonlyArray<readonly string[]>;
}

/** The first rows as they were read, with the type that Käfer gave to each column. */
export function PreviewTable({ filename, columns, rows }: Props) {
  const { t } = useTranslation();
  const isRole = (role: string | undefined): role is 'key' | 'target' | 'date' | 'excluded' =>
    role !== undefined && role !== 'feature';
  return (
    <Table
      compact
      maxHeight={380}
      caption={t('files.firstOf', { count: rows.length, filename })}
      head={
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col">
              {column.name}
              <span className={classes.type}>
                {t(`types.${column.type}`)}
                {column.format !== 'plain' && ` (${t(`formats.${column.format}`)})`}
                {isRole(column.role) && ` · ${t(`roles.${column.role}`)}`}
              </span>
            </th>
          ))}
        </tr>
      }
    >
      {rows.map((row, index) => (
        <tr key={index}>
          {columns.map((column, position) => (
            <td key={column.name}>
              {row[position] || <span className={classes.empty}>{t('words.noValue')}</span>}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}
