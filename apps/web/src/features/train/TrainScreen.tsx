import { Upload } from '@kaefer/contracts';
import { useIsMutating, useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { cancelArrival, paths } from '../../api/actions.ts';
import { arrivalsQuery, projectQuery, recipeTrialQuery, uploadsQuery } from '../../api/queries.ts';
import { DropZone } from '../../ui/DropZone.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import { FeedNotice } from '../feeds/FeedNotice.tsx';
import { TransferList } from '../files/TransferList.tsx';
import { readingOf } from '../files/reading-choices.ts';
import { useFileTransfers } from '../files/use-file-transfers.ts';
import { PreparingState } from '../home/PreparingState.tsx';
import { ProjectEyebrow } from '../project/ProjectEyebrow.tsx';
import { ArrivalList } from './ArrivalList.tsx';
import { LeakQuestions } from './LeakQuestions.tsx';
import { pendingUploads } from './pending.ts';
import { ReportsPanel } from './ReportsPanel.tsx';
import { RetrainPanel } from './RetrainPanel.tsx';
import { RunBlock } from './RunBlock.tsx';
import { SampleCard, takingSample } from './SampleCard.tsx';
import { UploadCard } from './UploadCard.tsx';
import { useArrivals } from './use-arrivals.ts';

const noDataset = { version: null, rows: 0, columns: 0, updatedAt: null };

/** From a file to the start of a retrain. */
export function TrainScreen() {
  const { t } = useTranslation();
  const { project: id } = useParams({ from: '/projects/$project/train' });
  const queryClient = useQueryClient();
  const projectState = useQuery(projectQuery(id));
  const uploadsState = useQuery(uploadsQuery(id));
  const { transfers, remove, send } = useFileTransfers({
    pathOf: (filename, reference) => paths.upload(id, filename, reference),
    schema: Upload,
    onDone: (upload) =>
      queryClient.setQueryData(uploadsQuery(id).queryKey, (list) => [
        ...(list ?? []).filter((other) => other.id !== upload.id),
        upload,
      ]),
    onGivenUp: (reference) => void stopArrival(reference),
  });
  const isSending = transfers.some((transfer) => transfer.error === null);
  const arrivals = useArrivals(id, isSending);
  const isComing = useIsMutating({ mutationKey: takingSample(id) }) > 0 || isSending;
  const stopArrival = async (reference: string) => {
    const now = await queryClient.fetchQuery({ ...arrivalsQuery(id, true), staleTime: 0 });
    const arrival = now.find((each) => each.reference === reference);
    if (arrival !== undefined) await cancelArrival(arrival.id);
  };

  const project = projectState.data;
  const failed = projectState.isError ? projectState : uploadsState.isError ? uploadsState : null;
  const pending = pendingUploads(uploadsState.data ?? []);
  const sample = project?.sample;
  const hasReports = project !== undefined && project.sources.length > 0;
  const usable = pending.filter(({ status }) => status === 'valid').map((upload) => upload.id);
  const trial = useQuery({
    ...recipeTrialQuery(project ?? { id, recipe: null, dataset: noDataset }, usable),
    enabled: hasReports && project.recipe !== null && usable.length > 0 && !isComing,
  });
  const judged = trial.data === undefined ? pending : [...pending, trial.data];

  return (
    <Page title={t('train.title')} lead={t('train.lead')} eyebrow={<ProjectEyebrow project={project} />}>
      {failed && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {!failed && (!project || uploadsState.isPending) && <Waiting />}
      {project?.status === 'preparing' && <PreparingState project={project} />}
      {project?.status === 'ready' && uploadsState.data && (
        <>
          <RunBlock project={project} />
          {sample &&
            !pending.some(({ filename }) => [sample.filename, ...sample.reports].includes(filename)) && (
              <SampleCard project={id} sample={sample} />
            )}
          <DropZone many onFiles={send} />
          <TransferList transfers={transfers} arrivals={arrivals} onRemove={remove} />
          <ArrivalList
            arrivals={arrivals.filter(
              ({ reference }) => !transfers.some((transfer) => transfer.reference === reference),
            )}
          />
          <FeedNotice project={id} />
          {hasReports && <ReportsPanel project={project} pending={pending} trial={trial} />}
          {pending.map((upload) => (
            <UploadCard
              key={upload.id}
              upload={upload}
              reading={readingOf(project, upload)}
              isOnly={pending.length === 1}
            />
          ))}
          <LeakQuestions project={project} pending={judged} />
          <RetrainPanel
            project={project}
            pending={pending}
            judged={judged}
            unusable={hasReports && (project.recipe === null || trial.data?.status === 'invalid')}
            busy={isComing || trial.isFetching}
          />
        </>
      )}
    </Page>
  );
}
