import { render, type Locale, type Parameters, type Sentence } from '@kaefer/contracts';

/** What the evidence says by itself; the verdict's sentence comes in the same language. */
const texts = {
  title: { en: 'Evidence: {project}, run of {date}', 'pt-BR': 'Provas: {project}, retreino de {date}' },
  simulated: { en: 'Simulated data', 'pt-BR': 'Dados simulados' },
  verdict: { en: 'Verdict', 'pt-BR': 'Veredito' },
  decision: { en: 'Decision', 'pt-BR': 'Decisão' },
  undecided: { en: 'No decision has been made.', 'pt-BR': 'Nenhuma decisão foi tomada.' },
  candidateChosen: {
    en: 'The new model ({version}) was chosen',
    'pt-BR': 'O modelo novo ({version}) foi escolhido',
  },
  currentChosen: {
    en: 'Model {version} stayed in production',
    'pt-BR': 'O modelo {version} ficou em produção',
  },
  by: { en: 'by {who}, {when}.', 'pt-BR': 'por {who}, {when}.' },
  automatically: {
    en: 'accepted by itself, as the project wants it, {when}.',
    'pt-BR': 'aceito automaticamente, como o projeto quer, {when}.',
  },
  approvedBy: { en: 'Approved by {who}.', 'pt-BR': 'Aprovado por {who}.' },
  acceptance: { en: 'Accepting by itself', 'pt-BR': 'Aceitação automática' },
  accepted: {
    en: 'The project accepts better models by itself. All that it asks for held.',
    'pt-BR': 'O projeto aceita sozinho modelos melhores. Tudo o que ele exige se cumpriu.',
  },
  notAccepted: {
    en: 'The project accepts better models by itself, but not all that it asks for held: a person decides.',
    'pt-BR':
      'O projeto aceita sozinho modelos melhores, mas nem tudo o que ele exige se cumpriu: uma pessoa decide.',
  },
  value: { en: 'Found', 'pt-BR': 'Encontrado' },
  askedFor: { en: 'Asked for', 'pt-BR': 'Exigido' },
  holds: { en: 'Holds', 'pt-BR': 'Cumprido' },
  yes: { en: 'yes', 'pt-BR': 'sim' },
  no: { en: 'no', 'pt-BR': 'não' },
  check_better: {
    en: 'Better by the verdict and its guard rails',
    'pt-BR': 'Melhor pelo veredito e suas proteções',
  },
  check_rows: { en: 'Test rows, at least', 'pt-BR': 'Linhas de teste, no mínimo' },
  check_positives: {
    en: 'Test rows of the rarer outcome, at least',
    'pt-BR': 'Linhas de teste do resultado mais raro, no mínimo',
  },
  check_looks: {
    en: 'Earlier choices on these test rows, fewer than',
    'pt-BR': 'Escolhas anteriores com estas linhas de teste, menos de',
  },
  check_audit: {
    en: 'Test rows in the training of either model',
    'pt-BR': 'Linhas de teste no treino de algum dos modelos',
  },
  looks: {
    en: '{looks} choices were made on these test rows before: luck counts for more than the intervals tell.',
    'pt-BR':
      '{looks} escolhas já foram feitas com estas linhas de teste: a sorte conta mais do que os intervalos dizem.',
  },
  holdoutSet: {
    en: 'Set {number} of the test rows, which came after the one before had been retired.',
    'pt-BR': 'Conjunto {number} das linhas de teste, que vieram depois de o anterior ser deixado.',
  },
  holdoutCollecting: {
    en: 'A fresh set of test rows was being collected: {rows} of {needed} had come.',
    'pt-BR': 'Um conjunto novo de linhas de teste estava sendo reunido: tinham vindo {rows} de {needed}.',
  },
  margin: {
    en: 'Only a difference in {metric} that is surely larger than {margin} is called better or worse.',
    'pt-BR': 'Só uma diferença em {metric} seguramente maior que {margin} é chamada de melhor ou pior.',
  },
  megabytes: { en: 'Size, MB', 'pt-BR': 'Tamanho, MB' },
  microseconds: { en: 'Time for one record, µs', 'pt-BR': 'Tempo por registro, µs' },
  reason: { en: 'Reason given: {note}', 'pt-BR': 'Motivo dado: {note}' },
  current: { en: 'Current model ({version})', 'pt-BR': 'Modelo atual ({version})' },
  candidate: { en: 'New model ({version})', 'pt-BR': 'Modelo novo ({version})' },
  figures: { en: 'Figures', 'pt-BR': 'Medidas' },
  figuresOn: {
    en: 'On {rows} test rows that neither model was trained on.',
    'pt-BR': 'Em {rows} linhas de teste com que nenhum dos modelos treinou.',
  },
  newRows: { en: 'The same on the new rows alone', 'pt-BR': 'O mesmo só nas linhas novas' },
  newRowsOn: {
    en: 'On the {rows} test rows that this run brought in.',
    'pt-BR': 'Nas {rows} linhas de teste que este retreino trouxe.',
  },
  oldRows: { en: 'The same on the rows of before alone', 'pt-BR': 'O mesmo só nas linhas de antes' },
  oldRowsOn: {
    en: 'On the {rows} test rows that were there before: this model goes on from another and saw few rows like these again.',
    'pt-BR':
      'Nas {rows} linhas de teste que já estavam lá: este modelo continua outro e reviu poucas linhas como estas.',
  },
  figure: { en: 'Figure', 'pt-BR': 'Medida' },
  difference: { en: 'Difference', 'pt-BR': 'Diferença' },
  ownIntervals: {
    en: 'In brackets the 95 % interval of each figure.',
    'pt-BR': 'Entre parênteses, o intervalo de 95 % de cada medida.',
  },
  interval: { en: '95 % interval', 'pt-BR': 'Intervalo de 95 %' },
  fromTo: { en: '{low} to {high}', 'pt-BR': '{low} a {high}' },
  answers: { en: 'Right and wrong answers', 'pt-BR': 'Respostas certas e erradas' },
  tp: { en: 'Found', 'pt-BR': 'Encontrados' },
  fn: { en: 'Missed', 'pt-BR': 'Perdidos' },
  fp: { en: 'False alarms', 'pt-BR': 'Alarmes falsos' },
  tn: { en: 'Rightly cleared', 'pt-BR': 'Bem liberados' },
  trueClass: { en: 'True class', 'pt-BR': 'Classe verdadeira' },
  predictedAs: { en: 'predicted as {name}', 'pt-BR': 'prevista como {name}' },
  curves: { en: 'Curves', 'pt-BR': 'Curvas' },
  falseAlarms: { en: 'False alarms (share of negatives)', 'pt-BR': 'Alarmes falsos (parcela dos negativos)' },
  found: { en: 'Positives found', 'pt-BR': 'Positivos encontrados' },
  rightAlerts: { en: 'Alerts that are right', 'pt-BR': 'Alertas corretos' },
  trueValue: { en: 'True value', 'pt-BR': 'Valor verdadeiro' },
  predictedValue: { en: 'Predicted value', 'pt-BR': 'Valor previsto' },
  calibration: { en: 'Calibration', 'pt-BR': 'Calibração' },
  predictedShare: { en: 'Predicted probability', 'pt-BR': 'Probabilidade prevista' },
  observedShare: { en: 'What happened', 'pt-BR': 'O que aconteceu' },
  costs: {
    en: 'Cost per 1000 rows by threshold (a wrong alarm {fp}, a miss {fn}); the cheapest is marked',
    'pt-BR':
      'Custo por 1000 linhas conforme o limiar (um alarme falso {fp}, um perdido {fn}); o mais barato está marcado',
  },
  costPer: { en: 'Cost per 1000 rows', 'pt-BR': 'Custo por 1000 linhas' },
  segments: { en: 'Where it got worse', 'pt-BR': 'Onde piorou' },
  segmentsOf: {
    en: 'Of {compared} parts of the test rows those that got worse most clearly; {metric}, smaller is better. Below 0.05 the corrected p-value (Holm) rules out luck.',
    'pt-BR':
      'De {compared} partes das linhas de teste, as que pioraram mais claramente; {metric}, menor é melhor. Abaixo de 0,05 o valor-p corrigido (Holm) descarta o acaso.',
  },
  part: { en: 'Part', 'pt-BR': 'Parte' },
  upload: { en: 'Upload', 'pt-BR': 'Envio' },
  noValue: { en: 'no value', 'pt-BR': 'sem valor' },
  rows: { en: 'Rows', 'pt-BR': 'Linhas' },
  pValue: { en: 'Corrected p-value', 'pt-BR': 'Valor-p corrigido' },
  newest: { en: 'the newest rows,', 'pt-BR': 'as linhas mais recentes,' },
  broughtBy: { en: 'What each file brought', 'pt-BR': 'O que cada arquivo trouxe' },
  broughtByText: {
    en: 'Of {total} files those of this run and the largest: the rows of the data that each was the last to set, and the difference (new minus current) on the test rows among them; {metric}, smaller is better. Below 0.05 the corrected p-value (Holm) rules out luck.',
    'pt-BR':
      'De {total} arquivos, os deste retreino e os maiores: as linhas dos dados que cada um definiu por último e a diferença (novo menos atual) nas linhas de teste entre elas; {metric}, menor é melhor. Abaixo de 0,05 o valor-p corrigido (Holm) descarta o acaso.',
  },
  learningRows: { en: 'Rows to learn from', 'pt-BR': 'Linhas para aprender' },
  testRows: { en: 'Test rows', 'pt-BR': 'Linhas de teste' },
  shareOf: { en: 'Share of {positive}', 'pt-BR': 'Parcela de {positive}' },
  mean: { en: 'Mean of the target', 'pt-BR': 'Média do alvo' },
  new: { en: 'new', 'pt-BR': 'novo' },
  byClass: { en: 'Each class on its own', 'pt-BR': 'Cada classe por si' },
  byClassText: {
    en: 'Every class against all others, with 95 % intervals. Below 0.05 the p-value (McNemar), corrected for the number of classes (Holm), rules out luck.',
    'pt-BR':
      'Cada classe contra todas as outras, com intervalos de 95 %. Abaixo de 0,05 o valor-p (McNemar), corrigido pelo número de classes (Holm), descarta o acaso.',
  },
  classFound: {
    en: 'Found, share of its rows (recall)',
    'pt-BR': 'Encontradas, parcela das suas linhas (recall)',
  },
  classRight: { en: 'Right when named (precision)', 'pt-BR': 'Certas quando indicadas (precisão)' },
  classRanking: { en: 'Told from the others (AUC)', 'pt-BR': 'Distinção das outras (AUC)' },
  disagreements: { en: 'Rows on which the two disagree', 'pt-BR': 'Linhas em que os dois discordam' },
  disagreementCounts: {
    en: 'Only the new model right (a number: nearer): {candidate}. Only the current one: {current}. Neither: {neither}. Those whose score changed most:',
    'pt-BR':
      'Só o modelo novo certo (um número: mais perto): {candidate}. Só o atual: {current}. Nenhum: {neither}. As de nota mais mudada:',
  },
  row: { en: 'Row', 'pt-BR': 'Linha' },
  outcome: { en: 'True outcome', 'pt-BR': 'Resultado verdadeiro' },
  drift: { en: 'How the new data differs', 'pt-BR': 'Como os dados novos diferem' },
  feature: { en: 'Feature', 'pt-BR': 'Variável' },
  stability: { en: 'Stability index (PSI)', 'pt-BR': 'Índice de estabilidade (PSI)' },
  moved: { en: 'Rows that moved', 'pt-BR': 'Linhas que mudaram' },
  importance: { en: 'What drives each model', 'pt-BR': 'O que move cada modelo' },
  importanceOf: { en: 'Share of the total gain.', 'pt-BR': 'Parcela do ganho total.' },
  origin: { en: 'Models and data', 'pt-BR': 'Modelos e dados' },
  logistic: { en: 'a plain logistic regression', 'pt-BR': 'uma regressão logística simples' },
  softmax: { en: 'a plain softmax regression', 'pt-BR': 'uma regressão softmax simples' },
  linear: { en: 'a plain linear regression', 'pt-BR': 'uma regressão linear simples' },
  plainBeaten: {
    en: 'The new model beats {kind} by more than chance: {metric} {value} against {plain}. A guess that is the same for every row reaches {guess}.',
    'pt-BR':
      'O modelo novo supera {kind} por mais que o acaso: {metric} {value} contra {plain}. Um palpite igual para todas as linhas chega a {guess}.',
  },
  plainNotBeaten: {
    en: 'The new model does not clearly beat {kind}: {metric} {value} against {plain}.',
    'pt-BR': 'O modelo novo não supera claramente {kind}: {metric} {value} contra {plain}.',
  },
  trainedAt: { en: 'Trained', 'pt-BR': 'Treinado' },
  mode: { en: 'Kind', 'pt-BR': 'Tipo' },
  full: { en: 'full', 'pt-BR': 'completo' },
  incremental: { en: 'incremental', 'pt-BR': 'incremental' },
  refresh: { en: 'refresh', 'pt-BR': 'atualização' },
  dataVersion: { en: 'Version of the data', 'pt-BR': 'Versão dos dados' },
  trainingRows: { en: 'Training rows', 'pt-BR': 'Linhas de treino' },
  audit: {
    en: 'Test rows: {holdout}, of the data’s version {version}. Of them in the training of either model: {overlap}.',
    'pt-BR':
      'Linhas de teste: {holdout}, da versão {version} dos dados. Delas, no treino de algum dos modelos: {overlap}.',
  },
  uploads: { en: 'Files of this run', 'pt-BR': 'Arquivos deste retreino' },
  comparison: {
    en: 'All figures are in models/{version}/evaluation/comparison.json of the lake, SHA-256 {sha256}; every test row with both scores in holdout.parquet beside it.',
    'pt-BR':
      'Todas as medidas estão em models/{version}/evaluation/comparison.json no lake, SHA-256 {sha256}; cada linha de teste com as duas notas, em holdout.parquet ao lado.',
  },
  auc: { en: 'Ranking (AUC)', 'pt-BR': 'Ordenação (AUC)' },
  averagePrecision: { en: 'Average precision', 'pt-BR': 'Precisão média' },
  recall: { en: 'Positives found (recall)', 'pt-BR': 'Positivos encontrados (recall)' },
  precision: { en: 'Alerts that are right (precision)', 'pt-BR': 'Alertas corretos (precisão)' },
  f1: { en: 'F1', 'pt-BR': 'F1' },
  specificity: {
    en: 'Negatives left alone (specificity)',
    'pt-BR': 'Negativos deixados em paz (especificidade)',
  },
  expectedCost: { en: 'Cost per record', 'pt-BR': 'Custo por registro' },
  balancedAccuracy: { en: 'Balanced accuracy', 'pt-BR': 'Acurácia balanceada' },
  matthews: { en: 'Matthews correlation', 'pt-BR': 'Correlação de Matthews' },
  macroF1: { en: 'Macro F1', 'pt-BR': 'F1 macro' },
  accuracy: { en: 'Right answers (accuracy)', 'pt-BR': 'Respostas certas (acurácia)' },
  logLoss: { en: 'Log loss', 'pt-BR': 'Log loss' },
  brier: { en: 'Brier score', 'pt-BR': 'Escore de Brier' },
  rmse: { en: 'Typical error (RMSE)', 'pt-BR': 'Erro típico (RMSE)' },
  mae: { en: 'Mean error (MAE)', 'pt-BR': 'Erro médio (MAE)' },
  r2: { en: 'Variation explained (R²)', 'pt-BR': 'Variação explicada (R²)' },
  threshold: { en: 'Threshold', 'pt-BR': 'Limiar' },
} as const satisfies Record<string, Sentence>;

export type EvidenceText = keyof typeof texts;

/** What is said otherwise of a choice from the list of models, where neither of the two is the new one. */
const choiceTexts: Partial<Record<EvidenceText, Sentence>> = {
  title: { en: 'Evidence: {project}, choice of {date}', 'pt-BR': 'Provas: {project}, escolha de {date}' },
  candidateChosen: {
    en: 'Model {version} was put into production',
    'pt-BR': 'O modelo {version} foi posto em produção',
  },
  current: { en: 'In production before ({version})', 'pt-BR': 'Em produção antes ({version})' },
  candidate: { en: 'Chosen model ({version})', 'pt-BR': 'Modelo escolhido ({version})' },
  newRowsOn: {
    en: 'On the {rows} test rows that came after the older of the two was trained.',
    'pt-BR': 'Nas {rows} linhas de teste que vieram depois do treino do mais antigo dos dois.',
  },
  oldRowsOn: {
    en: 'On the {rows} test rows that were there when the older of the two was trained: the chosen one goes on from another and saw few rows like these again.',
    'pt-BR':
      'Nas {rows} linhas de teste que já estavam lá no treino do mais antigo dos dois: o escolhido continua outro e reviu poucas linhas como estas.',
  },
  disagreementCounts: {
    en: 'Only the chosen model right (a number: nearer): {candidate}. Only the one in production before: {current}. Neither: {neither}. Those whose score changed most:',
    'pt-BR':
      'Só o modelo escolhido certo (um número: mais perto): {candidate}. Só o que estava em produção: {current}. Nenhum: {neither}. As de nota mais mudada:',
  },
  plainBeaten: {
    en: 'The chosen model beats {kind} by more than chance: {metric} {value} against {plain}. A guess that is the same for every row reaches {guess}.',
    'pt-BR':
      'O modelo escolhido supera {kind} por mais que o acaso: {metric} {value} contra {plain}. Um palpite igual para todas as linhas chega a {guess}.',
  },
  plainNotBeaten: {
    en: 'The chosen model does not clearly beat {kind}: {metric} {value} against {plain}.',
    'pt-BR': 'O modelo escolhido não supera claramente {kind}: {metric} {value} contra {plain}.',
  },
  comparison: {
    en: 'All figures are in decisions/comparisons/{decision}.json of the lake, SHA-256 {sha256}.',
    'pt-BR': 'Todas as medidas estão em decisions/comparisons/{decision}.json no lake, SHA-256 {sha256}.',
  },
};

/** Sentences and numbers of one language. */
export class EvidenceLanguage {
  readonly locale: Locale;
  readonly #special: Partial<Record<EvidenceText, Sentence>>;

  /** @param about what the evidence is of: a run's new model, or a choice from the list of models. Default a run */
  constructor(locale: Locale, about: 'run' | 'choice' = 'run') {
    this.locale = locale;
    this.#special = about === 'choice' ? choiceTexts : {};
  }

  readonly say = (name: EvidenceText, parameters: Parameters = {}): string =>
    render(this.#special[name] ?? texts[name], parameters, this.locale);

  /** A metric by its name, or as the program calls it when it has none. */
  metric(name: string): string {
    return Object.hasOwn(texts, name) ? this.say(name as EvidenceText) : name;
  }

  /** With three digits after the mark; a dash for none. */
  number(value: number | null | undefined, digits = 3): string {
    if (value === null || value === undefined) return '–';
    return value.toLocaleString(this.locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  }

  /** As short as it can be without losing what matters. */
  plain(value: number): string {
    return value.toLocaleString(this.locale, { maximumSignificantDigits: 6 });
  }

  percent(share: number): string {
    return share.toLocaleString(this.locale, { style: 'percent', maximumFractionDigits: 1 });
  }

  /** In UTC, so that a kept file says the same everywhere. */
  time(iso: string): string {
    const format = { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' } as const;
    return `${new Date(iso).toLocaleString(this.locale, format)} UTC`;
  }

  day(days: number): string {
    const dayMs = 86_400_000;
    return new Date(days * dayMs).toLocaleDateString(this.locale, { dateStyle: 'medium', timeZone: 'UTC' });
  }
}
