import {
  Arrival,
  Candidates,
  ChampionPoint,
  Comparison,
  ContractState,
  ContractVersion,
  Dataset,
  DatasetDifference,
  FeedState,
  Holdout,
  Model,
  ModelSummary,
  Outcomes,
  Person,
  Project,
  Run,
  Session,
  SettingsRevision,
  SourceTable,
  UndoPlan,
  Upload,
} from '@kaefer/contracts';
import { queryOptions } from '@tanstack/react-query';
import { tryRecipe } from './actions.ts';
import { isApiError } from './api-error.ts';
import { itemsOf, request } from './client.ts';
import { isUnderWay } from './run-events.ts';

const fastPollMs = 2_000;
const slowPollMs = 30_000;
const arrivalsPollMs = 700;

const at = (project: string) => `/projects/${encodeURIComponent(project)}`;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await request('/session', Session, { signal });
    } catch (error) {
      if (isApiError(error) && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Infinity,
});

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => request('/people', itemsOf(Person), { signal }),
});

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => request('/projects', itemsOf(Project), { signal }),
  refetchInterval: (query) =>
    query.state.data?.some((project) => project.status === 'preparing') ? fastPollMs : slowPollMs,
});

export const projectQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project],
    queryFn: ({ signal }) => request(at(project), Project, { signal }),
    refetchInterval: (query) => {
      const data = query.state.data;
      return data && (data.status === 'preparing' || data.activeRun !== null) ? fastPollMs : slowPollMs;
    },
  });

const sourceQuery = (source: string | null) =>
  source === null ? '' : `?source=${encodeURIComponent(source)}`;
/** @param source the report whose contract is meant, where the project takes several */
export const contractQuery = (project: string, source: string | null) =>
  queryOptions({
    queryKey: ['project', project, 'contract', source],
    queryFn: ({ signal }) =>
      request(`${at(project)}/contract${sourceQuery(source)}`, ContractState, { signal }),
  });
export const contractVersionsQuery = (project: string, source: string | null) =>
  queryOptions({
    queryKey: ['project', project, 'contract', source, 'versions'],
    queryFn: ({ signal }) =>
      request(`${at(project)}/contract/versions${sourceQuery(source)}`, itemsOf(ContractVersion), { signal }),
  });
export const settingsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'settings'],
    queryFn: ({ signal }) => request(`${at(project)}/settings`, itemsOf(SettingsRevision), { signal }),
  });

export const holdoutsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'holdouts'],
    queryFn: ({ signal }) => request(`${at(project)}/holdouts`, itemsOf(Holdout), { signal }),
  });

export const uploadsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'uploads'],
    queryFn: ({ signal }) => request(`${at(project)}/uploads`, itemsOf(Upload), { signal }),
    // Files may come from a watched folder, too.
    refetchInterval: slowPollMs,
  });

/** Where files come from by themselves; asked often while some are being fetched. */
export const feedsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'feeds'],
    queryFn: ({ signal }) => request(`${at(project)}/feeds`, itemsOf(FeedState), { signal }),
    refetchInterval: (query) =>
      query.state.data?.some(({ isFetching }) => isFetching) ? fastPollMs : slowPollMs,
  });

/** The files that are being received or checked; asked often while there are some. */
export const arrivalsQuery = (project: string, isSending: boolean) =>
  queryOptions({
    queryKey: ['project', project, 'arrivals'],
    queryFn: ({ signal }) => request(`${at(project)}/arrivals`, itemsOf(Arrival), { signal }),
    refetchInterval: (query) =>
      isSending || (query.state.data?.length ?? 0) > 0 ? arrivalsPollMs : slowPollMs / 3,
  });

export const sourcesQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'sources'],
    queryFn: ({ signal }) => request(`${at(project)}/sources`, itemsOf(SourceTable), { signal }),
  });

/** What the recipe would make of the lake and some checked files: asked anew when one of the two changes. */
export const recipeTrialQuery = (project: Pick<Project, 'id' | 'recipe' | 'dataset'>, uploads: string[]) =>
  queryOptions({
    queryKey: ['project', project.id, 'trial', uploads, project.recipe, project.dataset.version],
    queryFn: ({ signal }) => tryRecipe(project.id, uploads, undefined, signal),
    staleTime: Infinity,
    retry: false,
  });

export const runsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'runs'],
    queryFn: ({ signal }) => request(`${at(project)}/runs`, itemsOf(Run), { signal }),
    refetchInterval: (query) => (query.state.data?.some(isUnderWay) ? fastPollMs : false),
  });

export const modelsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'models'],
    queryFn: ({ signal }) => request(`${at(project)}/models`, itemsOf(ModelSummary), { signal }),
  });

export const modelQuery = (project: string, version: number) =>
  queryOptions({
    queryKey: ['project', project, 'models', version],
    queryFn: ({ signal }) => request(`${at(project)}/models/${version}`, Model, { signal }),
  });

/** What became of predictions: it changes with the data, and with what is predicted. */
export const outcomesQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'outcomes'],
    queryFn: ({ signal }) => request(`${at(project)}/outcomes`, Outcomes, { signal }),
    staleTime: 0,
  });

export const datasetQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'dataset'],
    queryFn: ({ signal }) => request(`${at(project)}/dataset`, Dataset, { signal }),
  });

export const runQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run],
    queryFn: ({ signal }) => request(`/runs/${encodeURIComponent(run)}`, Run, { signal }),
  });

export const championsQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project, 'champions'],
    queryFn: ({ signal }) => request(`${at(project)}/champions`, itemsOf(ChampionPoint), { signal }),
  });

/** Two versions on the holdout of a data version; scored when it is asked for. */
/** Asked anew each time: what it would do changes with the data. */
export const undoPlanQuery = (project: string, upload: string) =>
  queryOptions({
    queryKey: ['project', project, 'undo', upload],
    queryFn: ({ signal }) => request(`/uploads/${encodeURIComponent(upload)}/undo`, UndoPlan, { signal }),
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** A version never changes, and so what it changed. */
export const differenceQuery = (project: string, version: number) =>
  queryOptions({
    queryKey: ['project', project, 'difference', version],
    queryFn: ({ signal }) =>
      request(`${at(project)}/dataset/${version}/changes`, DatasetDifference, { signal }),
    staleTime: Infinity,
  });

export const versionsQuery = (project: string, current: number, candidate: number, datasetVersion: number) =>
  queryOptions({
    queryKey: ['project', project, 'versions', current, candidate, datasetVersion],
    queryFn: ({ signal }) =>
      request(`${at(project)}/comparisons`, Comparison, {
        method: 'POST',
        json: { current, candidate },
        signal,
      }),
    staleTime: Infinity,
  });

/** @param candidate which of several; without it the recommended one */
export const comparisonQuery = (run: string, candidate?: number) =>
  queryOptions({
    queryKey: ['run', run, 'comparison', candidate ?? null],
    queryFn: ({ signal }) =>
      request(
        `/runs/${encodeURIComponent(run)}/comparison${candidate === undefined ? '' : `?candidate=${candidate}`}`,
        Comparison,
        { signal },
      ),
    staleTime: Infinity,
  });

export const candidatesQuery = (run: string) =>
  queryOptions({
    queryKey: ['run', run, 'candidates'],
    queryFn: ({ signal }) => request(`/runs/${encodeURIComponent(run)}/candidates`, Candidates, { signal }),
    staleTime: Infinity,
  });
