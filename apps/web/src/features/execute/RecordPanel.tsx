import type { LakeRecord, Project } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { useCellText } from './use-cell-text.ts';

/** The values that the lake holds for a key. */
export function RecordPanel({ project, record }: { project: Project; record: LakeRecord }) {
  const { t } = useTranslation();
  const cellText = useCellText();
  const actual = record.values[project.target];
  return (
    <Panel title={t('execute.record')}>
      {actual !== undefined && actual !== null && actual !== '' && (
        <div>
          <Text>
            {t('execute.actual')}: <strong>{cellText(actual)}</strong>
          </Text>
          <Text size="sm" c="dimmed">
            {t('execute.actualNote')}
          </Text>
        </div>
      )}
      <Table
        compact
        maxHeight={360}
        caption={t('execute.recordCaption', { key: record.key })}
        head={
          <tr>
            <th scope="col">{t('files.column')}</th>
            <th scope="col">{t('execute.recordCaption', { key: record.key })}</th>
          </tr>
        }
      >
        {Object.entries(record.values).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{cellText(value)}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
