import type { Draft, Reading } from '@kaefer/contracts';
import { Alert, Button, Group, Title } from '@mantine/core';
import { IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { DialectFacts } from '../files/DialectFacts.tsx';
import { PreviewTable } from '../files/PreviewTable.tsx';
import { ProblemList } from '../files/ProblemList.tsx';
import { ReadingForm } from '../files/ReadingForm.tsx';

const shownExamples = 3;

interface Props {
  readonly draft: Draft;
  /** What was said of how it is written. */
  readonly reading: Reading;
  readonly onReading: (reading: Reading) => Promise<void>;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

/** What Käfer understood of a file that no project knows yet. */
export function DraftReview({ draft, reading, onReading, onBack, onNext }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const usable = draft.columns.length > 0 && !draft.problems.some(({ severity }) => severity === 'error');
  return (
    <>
      <Panel
        title={t('files.dialect')}
        text={t('create.understood', {
          filename: draft.filename,
          rows: t('words.rows', { count: draft.rows }),
          columns: t('words.columns', { count: draft.columns.length }),
        })}
      >
        {draft.dialect && <DialectFacts dialect={draft.dialect} />}
        {draft.problems.length > 0 && (
          <>
            <Title order={3}>{t('train.problems')}</Title>
            <ProblemList problems={draft.problems} />
          </>
        )}
        {draft.preview.length > 0 && (
          <>
            <Title order={3}>{t('files.first')}</Title>
            <PreviewTable filename={draft.filename} columns={draft.columns} rows={draft.preview} />
          </>
        )}
        <ReadingForm key={JSON.stringify(reading)} file={draft} reading={reading} onReading={onReading} />
      </Panel>
      {draft.columns.length > 0 && (
        <Panel title={t('files.columns')}>
          <Table
            compact
            maxHeight={420}
            caption={t('files.columns')}
            head={
              <tr>
                <th scope="col">{t('files.column')}</th>
                <th scope="col">{t('files.type')}</th>
                <th scope="col" data-number>
                  {t('create.distinct')}
                </th>
                <th scope="col" data-number>
                  {t('create.missing')}
                </th>
                <th scope="col">{t('create.frequent')}</th>
              </tr>
            }
          >
            {draft.columns.map((column) => (
              <tr key={column.name}>
                <th scope="row">{column.name}</th>
                <td>{t(`types.${column.type}`)}</td>
                <td data-number>{format.integer(column.distinct)}</td>
                <td data-number>{format.integer(column.missing)}</td>
                <td>
                  {column.examples
                    .slice(0, shownExamples)
                    .map(({ value, count }) => `${value} (${format.integer(count)})`)
                    .join(', ')}
                </td>
              </tr>
            ))}
          </Table>
        </Panel>
      )}
      {!usable && (
        <Alert color="red" role="alert" icon={<IconCircleX aria-hidden />}>
          {t('create.unusable')}
        </Alert>
      )}
      <Group>
        <Button variant="default" size="md" onClick={onBack}>
          {t('create.another')}
        </Button>
        {usable && (
          <Button size="md" onClick={onNext}>
            {t('create.next')}
          </Button>
        )}
      </Group>
    </>
  );
}
