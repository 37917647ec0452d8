import type { Project } from '@kaefer/contracts';
import { Button, Progress, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../../api/actions.ts';
import { sendFile } from '../../api/upload.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DropZone } from '../../ui/DropZone.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { FileResult } from './FileResult.tsx';
import { readScoredFile } from './scored-file.ts';

/** Scores a whole file. */
export function FileTab({ project }: { project: Project }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [share, setShare] = useState(0);
  const scoring = useMutation({
    mutationFn: async (file: File) => {
      setShare(0);
      const answer = await sendFile({ path: paths.predictions(project.id), file, onProgress: setShare });
      return { ...answer, scored: readScoredFile(file.name, answer.text) };
    },
  });
  const filename = scoring.variables?.name ?? '';
  const arrived = share >= 1;

  if (scoring.data)
    return (
      <Stack gap="lg">
        <FileResult
          project={project}
          text={scoring.data.text}
          file={scoring.data.scored}
          notes={scoring.data.notes}
          onAnother={() => scoring.reset()}
        />
      </Stack>
    );
  return (
    <Stack gap="lg">
      <Text c="dimmed" maw="68ch">
        {t('execute.fileText')}
      </Text>
      {scoring.error && (
        <ErrorNotice error={scoring.error}>
          <Button variant="default" size="sm" onClick={() => scoring.reset()}>
            {t('execute.another')}
          </Button>
        </ErrorNotice>
      )}
      {scoring.isPending ? (
        <Panel>
          <Text fw={600} role="status">
            {arrived ? t('files.checking', { filename }) : t('files.sending', { filename })}
          </Text>
          <Progress.Root size="lg">
            <Progress.Section
              value={share * 100}
              animated={arrived}
              striped={arrived}
              aria-label={filename}
            />
          </Progress.Root>
          <Text size="sm" c="dimmed">
            {arrived
              ? t('files.checkingHint')
              : t('files.sent', {
                  share: format.percent(share),
                  size: format.bytes(scoring.variables?.size ?? 0),
                })}
          </Text>
        </Panel>
      ) : (
        <DropZone onFiles={([file]) => file && scoring.mutate(file)} />
      )}
    </Stack>
  );
}
