import { watchedFolderName, type Reading, type Upload } from '@kaefer/contracts';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconTransferIn, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { discardUpload, downloads, rereadUpload } from '../../api/actions.ts';
import { projectQuery, uploadsQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Tag } from '../../ui/Tag.tsx';
import { DialectFacts } from '../files/DialectFacts.tsx';
import { PreviewTable } from '../files/PreviewTable.tsx';
import { ProblemList } from '../files/ProblemList.tsx';
import { ReadingForm } from '../files/ReadingForm.tsx';
import { RowTiles } from './RowTiles.tsx';

interface Props {
  readonly upload: Upload;
  /** What was said of how such files are written. */
  readonly reading: Reading;
  readonly isOnly: boolean;
}

/** One received file: its effect, its problems, and what was understood, at first folded away where there are several. */
export function UploadCard({ upload, reading, isOnly }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useNotice();
  const queryClient = useQueryClient();
  const discarding = useMutation({
    mutationFn: () => discardUpload(upload.id),
    onSuccess: async () => {
      say(t('train.discarded', { filename: upload.filename }));
      await queryClient.invalidateQueries({ queryKey: uploadsQuery(upload.project).queryKey });
    },
  });
  const reread = async (changed: Reading) => {
    const read = await rereadUpload(upload.id, changed);
    queryClient.setQueryData(uploadsQuery(upload.project).queryKey, (list) => [
      ...(list ?? []).filter(({ id }) => id !== upload.id && id !== read.id),
      read,
    ]);
    await queryClient.invalidateQueries({ queryKey: projectQuery(upload.project).queryKey });
  };
  const valid = upload.status === 'valid';

  return (
    <Panel
      title={upload.source === null ? upload.filename : `${upload.source}: ${upload.filename}`}
      text={`${format.bytes(upload.bytes)} · ${t('words.columns', { count: upload.columns.length })} · ${format.dateTime(upload.receivedAt)}`}
      actions={
        <Tag
          tone={valid ? 'better' : 'worse'}
          icon={valid ? <IconCircleCheck size={16} aria-hidden /> : <IconCircleX size={16} aria-hidden />}
        >
          {valid ? t('train.valid') : t('train.invalid')}
        </Tag>
      }
    >
      {upload.feed !== null && (
        <Group>
          <Tag icon={<IconTransferIn size={16} aria-hidden />}>
            {t('feeds.cameFrom', {
              feed: upload.feed === watchedFolderName ? t('feeds.watchedTitle') : upload.feed,
            })}
          </Tag>
        </Group>
      )}
      <Stack gap="xs">
        <Title order={3}>{valid ? t('train.effect') : t('train.effectInvalid')}</Title>
        {upload.rows.total > 0 && <RowTiles rows={upload.rows} />}
      </Stack>
      <Stack gap="xs">
        <Title order={3}>{t('train.problems')}</Title>
        {upload.problems.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('train.noProblems')}
          </Text>
        ) : (
          <ProblemList problems={upload.problems} />
        )}
      </Stack>
      {upload.columns.length > 0 && (
        <Disclosure title={t('files.dialect')} open={isOnly}>
          {upload.dialect && <DialectFacts dialect={upload.dialect} />}
          <PreviewTable filename={upload.filename} columns={upload.columns} rows={upload.preview} />
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {t('files.checksum')}: {upload.sha256}
          </Text>
        </Disclosure>
      )}
      <ReadingForm key={JSON.stringify(reading)} file={upload} reading={reading} onReading={reread} />
      {discarding.error && <ErrorNotice error={discarding.error} />}
      <Group>
        {upload.rows.rejected > 0 && (
          <DownloadButton href={downloads.rejectedRows(upload.id)}>
            {t('train.downloadRejected')}
          </DownloadButton>
        )}
        <Button
          variant="default"
          leftSection={<IconTrash size={18} aria-hidden />}
          loading={discarding.isPending}
          aria-label={`${t('train.discard')}: ${upload.filename}`}
          onClick={() => discarding.mutate()}
        >
          {t('train.discard')}
        </Button>
      </Group>
    </Panel>
  );
}
