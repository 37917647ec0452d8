import { Draft, type Reading } from '@kaefer/contracts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths, rereadDraft } from '../../api/actions.ts';
import { projectsQuery } from '../../api/queries.ts';
import { DropZone } from '../../ui/DropZone.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useIsEngineer } from '../project/use-is-engineer.ts';
import { TransferList } from '../files/TransferList.tsx';
import { useFileTransfers } from '../files/use-file-transfers.ts';
import { suggestedChoices, type ProjectChoices } from './project-choices.ts';
import { DraftReview } from './DraftReview.tsx';
import { ProjectForm } from './ProjectForm.tsx';
import { ReportsForm } from './ReportsForm.tsx';
import { StepList } from './StepList.tsx';

type Step =
  | { name: 'file' | 'reports' }
  | { name: 'review' | 'form'; draft: Draft; reading: Reading; choices: ProjectChoices };

/** From a first file to a project: file, what was understood, what to predict. */
export function CreateScreen() {
  const { t } = useTranslation();
  const { data: projects } = useQuery(projectsQuery);
  const isEngineer = useIsEngineer();
  const [step, setStep] = useState<Step>({ name: 'file' });
  const goTo = (next: Step) => {
    setStep(next);
    // Another step is another screen: begin at its top, and say where one is.
    window.scrollTo(0, 0);
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  };
  const { transfers, remove, send } = useFileTransfers({
    pathOf: paths.draft,
    schema: Draft,
    onDone: (draft) => goTo({ name: 'review', draft, reading: {}, choices: suggestedChoices(draft) }),
  });
  if (!isEngineer) return <Page title={t('create.title')} lead={t('people.engineersCreate')} />;
  return (
    <Page title={projects?.length === 0 ? t('create.firstUse') : t('create.title')} lead={t('create.lead')}>
      {step.name !== 'reports' && <StepList at={step.name} />}
      {step.name === 'file' && (
        <>
          <DropZone disabled={transfers.some(({ error }) => error === null)} onFiles={send} />
          <TransferList transfers={transfers} onRemove={remove} />
          <Panel
            title={t('recipe.createCard')}
            text={t('recipe.createCardText')}
            actions={
              <Button variant="default" onClick={() => goTo({ name: 'reports' })}>
                {t('recipe.createAction')}
              </Button>
            }
          />
        </>
      )}
      {step.name === 'reports' && <ReportsForm onBack={() => goTo({ name: 'file' })} />}
      {step.name === 'review' && (
        <DraftReview
          draft={step.draft}
          reading={step.reading}
          onReading={async (reading) => {
            const draft = await rereadDraft(step.draft.id, reading);
            setStep({ name: 'review', draft, reading, choices: suggestedChoices(draft) });
          }}
          onBack={() => goTo({ name: 'file' })}
          onNext={() => goTo({ ...step, name: 'form' })}
        />
      )}
      {step.name === 'form' && (
        <ProjectForm
          draft={step.draft}
          reading={step.reading}
          initial={step.choices}
          onBack={(choices) => goTo({ ...step, name: 'review', choices })}
        />
      )}
    </Page>
  );
}
