import type { Proposal } from '@kaefer/contracts';
import { Button, Group, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answerProposal } from '../../api/actions.ts';
import { sessionQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Panel } from '../../ui/Panel.tsx';

type ProposalAnswer = 'approve' | 'reject';

/** A choice that waits for a second person, and that person's answer. */
export function ApprovalPanel({
  proposal,
  withResults = false,
}: {
  readonly proposal: Proposal;
  /** Leads to the results that it rests on. */
  readonly withResults?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useNotice();
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const [asked, setAsked] = useState<ProposalAnswer | null>(null);
  const { version, by, note, project, run } = proposal;
  const answering = useMutation({
    mutationFn: ({ answer, reason }: { answer: ProposalAnswer; reason: string }) =>
      answerProposal(proposal, answer, reason),
    onSuccess: async ({ state }) => {
      await Promise.all([
        ...(run === null ? [] : [queryClient.invalidateQueries({ queryKey: ['run', run], exact: true })]),
        queryClient.invalidateQueries({ queryKey: ['project', project] }),
        queryClient.invalidateQueries({ queryKey: ['projects'] }),
      ]);
      setAsked(null);
      say(t(state === 'approved' ? 'approval.approved' : 'approval.rejected', { version }));
    },
  });
  const mayApprove = session?.person != null && session.person !== proposal.person;
  return (
    <Panel
      tone="attention"
      title={t('approval.title', { version })}
      text={t('approval.text', { by, at: format.dateTime(proposal.at) })}
    >
      {note && <Text>“{note}”</Text>}
      {!mayApprove && (
        <Text fw={600}>{t(session?.person == null ? 'approval.needsName' : 'approval.needsOther')}</Text>
      )}
      <Group gap="sm">
        {withResults && run !== null && (
          <LinkButton to="/runs/$run/results" params={{ run }} variant="default">
            {t('approval.toResults')}
          </LinkButton>
        )}
        <Button
          leftSection={<IconCheck size={18} aria-hidden />}
          disabled={!mayApprove}
          onClick={() => setAsked('approve')}
        >
          {t('approval.approve')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconX size={18} aria-hidden />}
          onClick={() => setAsked('reject')}
        >
          {t('approval.reject')}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asked !== null}
        onClose={() => {
          answering.reset();
          setAsked(null);
        }}
        title={t(asked === 'reject' ? 'approval.rejectTitle' : 'approval.approveTitle', { version })}
        text={t(asked === 'reject' ? 'approval.rejectText' : 'approval.approveText', { version })}
        confirm={t(asked === 'reject' ? 'approval.reject' : 'approval.approve')}
        withReason
        pending={answering.isPending}
        error={answering.error}
        onConfirm={(reason) => asked && answering.mutate({ answer: asked, reason })}
      />
    </Panel>
  );
}
