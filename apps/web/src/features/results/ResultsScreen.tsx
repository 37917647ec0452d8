import { Alert } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { downloads } from '../../api/actions.ts';
import { isApiError } from '../../api/api-error.ts';
import { candidatesQuery, comparisonQuery, projectQuery, runQuery } from '../../api/queries.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DownloadButton } from '../../ui/DownloadButton.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { LinkButton } from '../../ui/LinkButton.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { StatusTag } from '../project/StatusTag.tsx';
import { ApprovalPanel } from '../project/ApprovalPanel.tsx';
import { CandidatesPanel } from './CandidatesPanel.tsx';
import { DecidedNotice } from './DecidedNotice.tsx';
import { DecisionButtons, type Choice } from './DecisionButtons.tsx';
import { DecisionDialog } from './DecisionDialog.tsx';
import { Evidence } from './Evidence.tsx';
import { VerdictPanel } from './VerdictPanel.tsx';

/** The verdict, the evidence, and the choice between the two models. */
export function ResultsScreen() {
  const { t } = useTranslation();
  const { locale } = useFormat();
  const { run: id } = useParams({ from: '/runs/$run/results' });
  const runState = useQuery(runQuery(id));
  const run = runState.data;
  const [selected, setSelected] = useState<number>();
  const proposed = run?.proposal?.state === 'open' ? run.proposal.version : undefined;
  const shown = selected ?? run?.decision?.candidate ?? proposed;
  const comparisonState = useQuery({ ...comparisonQuery(id, shown), placeholderData: keepPreviousData });
  const hasSeveral = (run?.candidates.filter(({ trainingMs }) => trainingMs !== null).length ?? 0) > 1;
  const { data: candidates } = useQuery({
    ...candidatesQuery(id),
    enabled: hasSeveral && comparisonState.data !== undefined,
  });
  const comparison = comparisonState.data;
  const { data: project } = useQuery({ ...projectQuery(run?.project ?? ''), enabled: run !== undefined });
  const [choice, setChoice] = useState<Choice | null>(null);

  const failed = runState.isError ? runState : comparisonState.isError ? comparisonState : null;
  const open = run?.status === 'awaiting_decision';
  return (
    <Page
      title={t('results.title')}
      eyebrow={<ProjectEyebrow project={project} />}
      actions={
        run && (
          <>
            <StatusTag status={run.status} />
            {comparison &&
              (['pdf', 'html'] as const).map((kind) => (
                <DownloadButton
                  key={kind}
                  href={downloads.evidence(run.id, comparison.candidate.model.version, kind, locale)}
                  size="xs"
                >
                  {t(`results.saveEvidence.${kind}`)}
                </DownloadButton>
              ))}
          </>
        )
      }
    >
      {failed && isApiError(failed.error, 'comparison_not_ready') ? (
        <Panel
          title={t('results.notReadyTitle')}
          text={failed.error.detail}
          actions={
            <LinkButton to="/runs/$run" params={{ run: id }}>
              {t('results.toProgress')}
            </LinkButton>
          }
        />
      ) : (
        failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      {!failed && (!run || !comparison) && <Waiting heights={[180, 320, 320]} />}
      {!failed && run && comparison && (
        <>
          {candidates && (
            <CandidatesPanel
              candidates={candidates}
              selected={comparison.candidate.model.version}
              onSelect={setSelected}
            />
          )}
          <VerdictPanel comparison={comparison} project={project}>
            {open && <DecisionButtons comparison={comparison} onChoose={setChoice} />}
            {run.decision && <DecidedNotice decision={run.decision} />}
          </VerdictPanel>
          {run.proposal?.state === 'open' && <ApprovalPanel proposal={run.proposal} />}
          {open && run.proposal?.state === 'rejected' && (
            <Alert color="yellow" title={t('approval.wasRejected', { by: run.proposal.answeredBy ?? '' })}>
              {run.proposal.reason}
            </Alert>
          )}
          <Evidence comparison={comparison} project={project} />
          {open && (
            <>
              <DecisionButtons comparison={comparison} onChoose={setChoice} sticky />
              <DecisionDialog comparison={comparison} choice={choice} onClose={() => setChoice(null)} />
            </>
          )}
        </>
      )}
    </Page>
  );
}
