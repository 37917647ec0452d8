import type { Problem, Project } from '@kaefer/contracts';
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconFileUpload } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { ProblemList } from '../files/ProblemList.tsx';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { nameWith, scoreOf, sortedCsv, type ScoredFile } from './scored-file.ts';

const shownRows = 100;
const shownColumns = 8;

/** What may be read in another way once somebody has said so. */
const correctable: ReadonlySet<Problem['code']> = new Set([
  'ambiguous_point',
  'date_order_assumed',
  'several_sheets',
]);

interface Props {
  readonly project: Project;
  /** The server's answer as it came. */
  readonly text: string;
  readonly file: ScoredFile;
  /** What the server noticed about the file. */
  readonly notes: readonly Problem[];
  readonly onAnother: () => void;
}

/** A scored file: the riskiest rows to read, all of them to download. */
export function FileResult({ project, text, file, notes, onAnother }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const original = useDownload(text);
  const sorted = useDownload(useMemo(() => sortedCsv(file), [file]));
  const shown = file.sorted.slice(0, shownRows);
  const positive = project.positive ?? project.classes[1] ?? '';
  const isPositive = (row: readonly string[]) => project.task === 'binary' && row[file.label] === positive;
  const others = file.header
    .map((name, position) => ({ name, position }))
    .filter(({ position }) => position < file.score)
    .sort((a, b) => Number(b.name === project.key) - Number(a.name === project.key))
    .slice(0, shownColumns);

  return (
    <Panel
      title={t('execute.fileResult', { count: file.sorted.length })}
      text={[
        file.filename,
        ...(project.task === 'binary'
          ? [
              t('execute.filePositive', {
                n: format.integer(file.sorted.filter(isPositive).length),
                positive,
              }),
            ]
          : []),
      ].join(' · ')}
      actions={
        <Button variant="default" leftSection={<IconFileUpload size={18} aria-hidden />} onClick={onAnother}>
          {t('execute.another')}
        </Button>
      }
    >
      {notes.length > 0 && (
        <Stack gap="xs">
          <ProblemList
            level={3}
            problems={notes}
            headings={{ error: t('execute.notes'), warning: t('execute.notes') }}
          />
          {notes.some(({ code }) => correctable.has(code)) && (
            <Text size="sm" c="dimmed">
              {t('execute.notesHint')}
            </Text>
          )}
        </Stack>
      )}
      <Group>
        <DownloadButton href={sorted} filename={nameWith(file.filename, 'by-risk')} variant="filled">
          {t('execute.downloadSorted')}
        </DownloadButton>
        <DownloadButton href={original} filename={nameWith(file.filename, 'scored')}>
          {t('execute.downloadOriginal')}
        </DownloadButton>
      </Group>
      <Text size="sm" c="dimmed">
        {project.task === 'regression'
          ? t('execute.fileTopValue')
          : t('execute.fileTop', { count: shown.length })}
      </Text>
      <Table
        compact
        maxHeight={560}
        caption={t('execute.tableCaption', { filename: file.filename })}
        head={
          <tr>
            <th scope="col" data-number>
              {t('execute.rank')}
            </th>
            <th scope="col" data-number>
              {t('execute.score')}
            </th>
            <th scope="col">{t('execute.label')}</th>
            {others.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        }
      >
        {shown.map((row, index) => {
          const score = scoreOf(row[file.score]);
          return (
            <tr key={index}>
              <td data-number>{format.integer(index + 1)}</td>
              <td data-number>
                <strong>
                  {Number.isNaN(score)
                    ? '–'
                    : project.task === 'regression'
                      ? format.plain(score)
                      : format.percent(score, 1)}
                </strong>
              </td>
              <td>
                {isPositive(row) ? (
                  <Tag tone="attention" icon={<IconAlertTriangle size={14} aria-hidden />}>
                    {row[file.label]}
                  </Tag>
                ) : (
                  row[file.label]
                )}
              </td>
              {others.map(({ name, position }) => (
                <td key={name}>{row[position]}</td>
              ))}
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}

/** An address under which the browser can download a text, until the component goes. */
function useDownload(text: string): string {
  const url = useMemo(() => URL.createObjectURL(new Blob([text], { type: 'text/csv' })), [text]);
  useEffect(() => () => URL.revokeObjectURL(url), [url]);
  return url;
}
