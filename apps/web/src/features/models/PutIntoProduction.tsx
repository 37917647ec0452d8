import type { ModelSummary } from '@kaefer/contracts';
import { Button } from '@mantine/core';
import { IconRocket } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { putChampion } from '../../api/actions.ts';
import { useNotice } from '../../app/notices.ts';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { useIsEngineer } from '../project/use-is-engineer.ts';

interface Props {
  readonly model: Pick<ModelSummary, 'project' | 'version' | 'champion'>;
  /** The version in production now. */
  readonly champion: number | null;
}

/** Going back, or forward, to any version; confirmed, with an optional reason. */
export function PutIntoProduction({ model, champion }: Props) {
  const { t } = useTranslation();
  const say = useNotice();
  const queryClient = useQueryClient();
  const isEngineer = useIsEngineer();
  const [asking, setAsking] = useState(false);
  const { project, version } = model;
  const putting = useMutation({
    mutationFn: (note: string) => putChampion(project, version, note),
    onSuccess: async ({ proposal }) => {
      await queryClient.invalidateQueries({ queryKey: ['project', project] });
      setAsking(false);
      say(t(proposal === null ? 'models.rolledBack' : 'results.proposed', { version }));
    },
  });
  if (model.champion || !isEngineer) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconRocket size={18} aria-hidden />}
        aria-label={`${t('models.rollBack')}: ${t('words.model', { version })}`}
        onClick={() => setAsking(true)}
      >
        {t('models.rollBack')}
      </Button>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('models.rollBackTitle', { version })}
        text={
          champion === null ? (
            t('models.rollBackTextFirst', { version })
          ) : (
            <>
              {t('models.rollBackText', { version, current: champion })}{' '}
              <LinkButton
                variant="transparent"
                size="compact-md"
                px={0}
                to="/projects/$project/models/compare/$a/$b"
                params={{ project, a: String(champion), b: String(version) }}
              >
                {t('models.rollBackCompare')}
              </LinkButton>
            </>
          )
        }
        confirm={t('models.rollBack')}
        withReason
        pending={putting.isPending}
        error={putting.error}
        onConfirm={(note) => putting.mutate(note)}
      />
    </>
  );
}
