import type { Project, Upload } from '@kaefer/contracts';
import { Button } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { takeSampleFile } from '../../api/actions.ts';
import { uploadsQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** Names the sending of the example file, so that other parts of the screen know of it. */
export const takingSample = (project: string) => ['taking sample', project];

/** The file that lies ready to be tried. */
export function SampleCard({ project, sample }: { project: string; sample: NonNullable<Project['sample']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queryClient = useQueryClient();
  const { reports } = sample;
  const taking = useMutation({
    mutationKey: takingSample(project),
    mutationFn: async () => {
      for (const report of reports.length === 0 ? [undefined] : reports) {
        const upload: Upload = await takeSampleFile(project, report);
        queryClient.setQueryData(uploadsQuery(project).queryKey, (list) => [...(list ?? []), upload]);
      }
    },
  });
  return (
    <Panel
      tone="accent"
      title={t(reports.length === 0 ? 'train.sampleTitle' : 'recipe.sampleTitle')}
      text={t('train.sampleText', {
        filename: sample.filename,
        rows: t('words.rows', { count: sample.rows }),
        size: format.bytes(sample.bytes),
      })}
      actions={
        <Button
          leftSection={<IconFileTypeCsv size={20} aria-hidden />}
          loading={taking.isPending}
          onClick={() => taking.mutate()}
        >
          {t(reports.length === 0 ? 'train.sampleAction' : 'recipe.sampleAction')}
        </Button>
      }
    >
      {taking.error && <ErrorNotice error={taking.error} />}
    </Panel>
  );
}
