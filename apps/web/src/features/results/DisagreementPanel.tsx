import type { Answer, Comparison, DisagreementSide } from '@kaefer/contracts';
import { Button, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { useCellText } from '../execute/use-cell-text.ts';
import classes from './DisagreementPanel.module.css';
import type { SideNames } from './side-names.ts';

const kinds: readonly DisagreementSide[] = ['candidate', 'current', 'neither'];
/** Rows of each kind before a person asks for all. */
const shownFirst = 5;
const shownReasons = 3;

/** Test rows to which the two models give different answers, with what moved each of them. */
export function DisagreementPanel({ comparison, names }: { comparison: Comparison; names: SideNames }) {
  const { t } = useTranslation();
  const { disagreements, task, classes: outcomes } = comparison;
  if (!disagreements) return null;
  const { counts, positives } = disagreements;
  const isValue = task === 'regression';
  return (
    <Panel
      title={t(isValue ? 'results.disagreeValues' : 'results.disagree')}
      text={t(isValue ? 'results.disagreeValuesText' : 'results.disagreeText')}
    >
      <Text fw={600}>
        {t(isValue ? 'results.disagreeValuesCount' : 'results.disagreeCount', {
          rows: counts.candidate + counts.current + counts.neither,
          candidate: counts.candidate,
          current: counts.current,
        })}
      </Text>
      {positives && (
        <Text>
          {t('results.disagreePositives', {
            positive: outcomes[1] ?? '',
            newFound: positives.candidate,
            oldFound: positives.current,
            newCleared: counts.candidate - positives.candidate,
            oldCleared: counts.current - positives.current,
          })}
        </Text>
      )}
      {kinds.map((kind) => (
        <DisagreementTable key={kind} comparison={comparison} kind={kind} names={names} />
      ))}
    </Panel>
  );
}

interface TableProps {
  readonly comparison: Comparison;
  readonly kind: DisagreementSide;
  readonly names: SideNames;
}

function DisagreementTable({ comparison, kind, names }: TableProps) {
  const { disagreements, task, classes: outcomes } = comparison;
  const positive = task === 'binary' ? outcomes[1] : undefined;
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const rows = disagreements?.rows.filter(({ right }) => right === kind) ?? [];
  if (rows.length === 0) return null;
  const title = t(`results.${task === 'regression' ? 'disagreeNearer' : 'disagreeRight'}.${kind}`);
  return (
    <div>
      <Title order={3} mb="xs">
        {title}
      </Title>
      <Table
        caption={title}
        compact
        head={
          <tr>
            <th scope="col">{t('results.disagreeKey')}</th>
            <th scope="col">{names.current}</th>
            <th scope="col">{names.candidate}</th>
          </tr>
        }
      >
        {(all ? rows : rows.slice(0, shownFirst)).map((row) => (
          <tr key={row.key}>
            <th scope="row">
              {row.key}
              <Text size="xs" c="dimmed">
                {t('results.disagreeOutcome')}: {row.outcome}
              </Text>
            </th>
            <td>
              <AnswerCell answer={row.current} positive={positive} />
            </td>
            <td>
              <AnswerCell answer={row.candidate} positive={positive} />
            </td>
          </tr>
        ))}
      </Table>
      {rows.length > shownFirst && (
        <Button variant="subtle" size="xs" mt="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('results.disagreeFewer') : t('results.disagreeAll', { count: rows.length })}
        </Button>
      )}
    </div>
  );
}

/** @param positive the outcome whose probability the score is, where that is not the answer itself */
function AnswerCell({ answer, positive }: { answer: Answer; positive: string | undefined }) {
  const { label, score, reasons } = answer;
  const { t } = useTranslation();
  const format = useFormat();
  const cellText = useCellText();
  return (
    <>
      <strong>
        {label === null
          ? format.plain(score)
          : `${label} · ${positive === undefined ? '' : `${positive} `}${format.percent(score, 1)}`}
      </strong>
      <ul className={classes.reasons}>
        {reasons.slice(0, shownReasons).map(({ feature, value, contribution }) => (
          <li key={feature}>
            {contribution > 0 ? '↑' : '↓'} {feature} {cellText(value)}{' '}
            <span>{contribution > 0 ? t('execute.raises') : t('execute.lowers')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
