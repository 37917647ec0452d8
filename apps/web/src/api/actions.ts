import {
  ChampionAnswer,
  ContractSaved,
  Decision,
  Draft,
  FeedState,
  Holdout,
  Invitation,
  LakeRecord,
  PendingDecision,
  Person,
  PredictionAnswer,
  Project,
  Proposal,
  RecipeResult,
  RestoreAnswer,
  Run,
  Session,
  UndoAnswer,
  Upload,
  type Cell,
  type ContractChange,
  type FeedRequestInput,
  type HoldoutRequest,
  type Locale,
  type RunMode,
  type ProjectCreationInput,
  type Reading,
  type Role,
  type SettingsRequestInput,
} from '@kaefer/contracts';
import { apiPath, command, itemsOf, request } from './client.ts';

const at = (project: string) => `/projects/${encodeURIComponent(project)}`;
const atRun = (run: string) => `/runs/${encodeURIComponent(run)}`;
const sourceQuery = (source: string | null) =>
  source === null ? '' : `?source=${encodeURIComponent(source)}`;
const atUpload = (upload: string) => `/uploads/${encodeURIComponent(upload)}`;

export const signIn = (token: string) => request('/session', Session, { method: 'POST', json: { token } });
export const signOut = () => command('/session', { method: 'DELETE' });

export const invitePerson = (name: string, role: Role) =>
  request('/people', Invitation, { method: 'POST', json: { name, role } });
const atPerson = (person: string) => `/people/${encodeURIComponent(person)}`;
export const inviteAgain = (person: string) =>
  request(`${atPerson(person)}/invitations`, Invitation, { method: 'POST' });
export const dismissPerson = (person: string) => request(atPerson(person), Person, { method: 'DELETE' });
export const answerProposal = (
  { project, id }: Pick<Proposal, 'project' | 'id'>,
  answer: 'approve' | 'reject',
  reason: string,
) =>
  request(`${at(project)}/proposals/${encodeURIComponent(id)}/answer`, Proposal, {
    method: 'POST',
    json: { answer, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
  });

export const createProject = (project: ProjectCreationInput) =>
  request('/projects', Project, { method: 'POST', json: project });
export const changeSettings = (project: string, change: SettingsRequestInput) =>
  request(`${at(project)}/settings`, Project, { method: 'PATCH', json: change });
export const startHoldout = (project: string, asked: HoldoutRequest) =>
  request(`${at(project)}/holdouts`, itemsOf(Holdout), { method: 'POST', json: asked });
export const saveContract = (project: string, source: string | null, change: ContractChange) =>
  request(`${at(project)}/contract${sourceQuery(source)}`, ContractSaved, { method: 'PUT', json: change });
export const adoptDraft = (project: string, draft: string, source?: string) =>
  request(
    `${at(project)}/uploads/draft/${encodeURIComponent(draft)}${source === undefined ? '' : `?source=${encodeURIComponent(source)}`}`,
    Upload,
    { method: 'POST' },
  );
/** @param report name of the file where several lie ready */
export const takeSampleFile = (project: string, report?: string) =>
  request(
    `${at(project)}/uploads/sample${report === undefined ? '' : `?report=${encodeURIComponent(report)}`}`,
    Upload,
    { method: 'POST' },
  );
export const tryRecipe = (project: string, uploads: string[], recipe?: string, signal?: AbortSignal) =>
  request(`${at(project)}/recipe/trial`, RecipeResult, {
    method: 'POST',
    json: { uploads, ...(recipe === undefined ? {} : { recipe }) },
    ...(signal === undefined ? {} : { signal }),
  });
export const rereadDraft = (draft: string, reading: Reading) =>
  request(`/drafts/${encodeURIComponent(draft)}/reading`, Draft, { method: 'POST', json: reading });
export const rereadUpload = (upload: string, reading: Reading) =>
  request(`${atUpload(upload)}/reading`, Upload, { method: 'POST', json: reading });
export const discardUpload = (upload: string) => command(atUpload(upload), { method: 'DELETE' });

const atFeed = (project: string, name: string) => `${at(project)}/feeds/${encodeURIComponent(name)}`;
export const putFeed = (project: string, name: string, feed: FeedRequestInput) =>
  request(atFeed(project, name), FeedState, { method: 'PUT', json: feed });
export const removeFeed = (project: string, name: string) =>
  command(atFeed(project, name), { method: 'DELETE' });
export const fetchFeed = (project: string, name: string) =>
  request(`${atFeed(project, name)}/fetch`, FeedState, { method: 'POST' });
export const cancelArrival = (arrival: string) =>
  command(`/arrivals/${encodeURIComponent(arrival)}`, { method: 'DELETE' });

export const startRun = (project: string, uploads: string[], mode: RunMode) =>
  request(`${at(project)}/runs`, Run, { method: 'POST', json: { uploads, mode } });
export const cancelRun = (run: string) => request(`${atRun(run)}/cancel`, Run, { method: 'POST' });
/** @param version which of several candidates was chosen, or shown when the current model was kept */
export const decide = (run: string, choice: 'candidate' | 'current', version: number, note: string) =>
  request(`${atRun(run)}/decision`, Decision.or(PendingDecision), {
    method: 'POST',
    json: withNote({ choice, version }, note),
  });

export const putChampion = (project: string, version: number, note: string) =>
  request(`${at(project)}/champion`, ChampionAnswer, { method: 'PUT', json: withNote({ version }, note) });
export const restoreDataset = (project: string, version: number) =>
  request(`${at(project)}/dataset/restore`, RestoreAnswer, { method: 'POST', json: { version } });

export const undoUpload = (upload: string) =>
  request(`${atUpload(upload)}/undo`, UndoAnswer, { method: 'POST' });

export const findRecord = (project: string, key: string) =>
  request(`${at(project)}/records?key=${encodeURIComponent(key)}`, LakeRecord);
export const predict = (project: string, row: Record<string, Cell>) =>
  request(`${at(project)}/predictions`, PredictionAnswer, {
    method: 'POST',
    json: { rows: [row], explain: true },
  });

function withNote<T extends object>(body: T, note: string): T & { note?: string } {
  return note.trim() === '' ? body : { ...body, note: note.trim() };
}

/** Paths of files that the browser downloads or that are sent as a file. */
export const paths = {
  draft: (filename: string) => `/drafts?filename=${encodeURIComponent(filename)}`,
  upload: (project: string, filename: string, reference: string) =>
    `${at(project)}/uploads?filename=${encodeURIComponent(filename)}&reference=${reference}`,
  predictions: (project: string) => `${at(project)}/predictions.csv`,
};
export const downloads = {
  rejectedRows: (upload: string) => apiPath(`${atUpload(upload)}/rejected.csv`),
  evidence: (run: string, candidate: number, kind: 'html' | 'pdf', locale: Locale) =>
    apiPath(`${atRun(run)}/evidence.${kind}?language=${locale}&candidate=${candidate}`),
  holdout: (run: string, candidate: number) => apiPath(`${atRun(run)}/holdout.csv?candidate=${candidate}`),
  model: (project: string, version: number) => apiPath(`${at(project)}/models/${version}/model`),
  outcomes: (project: string) => apiPath(`${at(project)}/outcomes.csv`),
  dataset: (project: string, version: number) => apiPath(`${at(project)}/dataset.csv?version=${version}`),
};
