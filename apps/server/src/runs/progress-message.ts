import { render, type Locale, type RunStatus, type Sentence, type Stage } from '@kaefer/contracts';

const stageMessages: Readonly<Record<Stage, Sentence>> = {
  merge: { en: 'Merging the new rows with the data', 'pt-BR': 'Incorporando as linhas novas aos dados' },
  prepare: { en: 'Preparing the data for training', 'pt-BR': 'Preparando os dados para o treino' },
  train: { en: 'Training the new model', 'pt-BR': 'Treinando o modelo novo' },
  evaluate: {
    en: 'Comparing both models on rows that neither has seen',
    'pt-BR': 'Comparando os dois modelos em linhas que nenhum viu',
  },
};
const roundMessage: Sentence = {
  en: 'Training the new model: round {round} of at most {of}',
  'pt-BR': 'Treinando o modelo novo: rodada {round} de no máximo {of}',
};
const statusMessages: Readonly<Record<Exclude<RunStatus, 'running'>, Sentence>> = {
  queued: { en: 'Waiting for another run to end', 'pt-BR': 'Esperando outro retreino terminar' },
  awaiting_decision: {
    en: 'The results are ready; a person decides',
    'pt-BR': 'Os resultados estão prontos; uma pessoa decide',
  },
  awaiting_approval: {
    en: 'A model was chosen; a second person approves',
    'pt-BR': 'Um modelo foi escolhido; uma segunda pessoa aprova',
  },
  decided: { en: 'Decided', 'pt-BR': 'Decidido' },
  failed: { en: 'The run failed', 'pt-BR': 'O retreino falhou' },
  cancelled: { en: 'The run was cancelled', 'pt-BR': 'O retreino foi cancelado' },
};

/** What a run is doing, in one line. */
export function progressMessage(
  status: RunStatus,
  stage: Stage,
  round: { readonly round: number; readonly of: number } | null,
  locale: Locale,
): string {
  if (status !== 'running') return statusMessages[status][locale];
  return round === null
    ? stageMessages[stage][locale]
    : render(roundMessage, { round: round.round, of: round.of }, locale);
}
