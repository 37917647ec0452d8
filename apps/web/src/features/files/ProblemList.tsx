import type { Problem } from '@kaefer/contracts';
import { Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconRowRemove } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './ProblemList.module.css';

const kinds = [
  { kind: 'error', Icon: IconCircleX },
  { kind: 'rejecting', Icon: IconRowRemove },
  { kind: 'warning', Icon: IconAlertTriangle },
] as const;
type Kind = (typeof kinds)[number]['kind'];

const kindOf = ({ severity, rejectsRows }: Problem): Kind =>
  severity === 'error' ? 'error' : rejectsRows ? 'rejecting' : 'warning';

/** Every finding with its places: what refuses the file, what leaves rows out, and what is only said. */
export function ProblemList({
  problems,
  headings,
  level = 4,
}: {
  readonly problems: readonly Problem[];
  /** Default: what they mean for a file. */
  readonly headings?: Readonly<Record<'error' | 'warning', string>>;
  /** Of its headings, one below what it stands in. Default 4. */
  readonly level?: 3 | 4;
}) {
  const { t } = useTranslation();
  const titles = {
    error: t('train.errors'),
    rejecting: t(
      problems.some(({ severity }) => severity === 'error') ? 'train.rejectingOnly' : 'train.rejecting',
    ),
    warning: t('train.warnings'),
    ...headings,
  };
  const groups = kinds
    .map((group) => ({ ...group, items: problems.filter((problem) => kindOf(problem) === group.kind) }))
    .filter(({ items }) => items.length > 0);
  return (
    <Stack gap="md">
      {groups.map(({ kind, Icon, items }) => (
        <div key={kind} className={classes.group} data-severity={kind === 'error' ? 'error' : 'warning'}>
          <Title order={level} size="h4" className={classes.title}>
            <Icon size={20} aria-hidden />
            {titles[kind]}
          </Title>
          <ul className={classes.list}>
            {items.map((problem, index) => (
              <li key={index}>
                <Text size="sm">{problem.message}</Text>
                <Text size="xs" c="dimmed">
                  <Place problem={problem} />
                </Text>
                {problem.examples !== undefined && (
                  <Text size="xs" c="dimmed">
                    <Examples examples={problem.examples} />
                  </Text>
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </Stack>
  );
}

function Place({ problem }: { problem: Problem }) {
  const { t } = useTranslation();
  const parts = [
    problem.line === undefined ? null : t('train.line', { line: problem.line }),
    problem.column === undefined ? null : t('train.columnAt', { column: problem.column }),
    problem.value === undefined ? null : `“${problem.value}”`,
    problem.count > 1 ? t('train.times', { count: problem.count }) : null,
  ];
  return <>{parts.filter((part) => part !== null).join(' · ')}</>;
}

function Examples({ examples }: { examples: NonNullable<Problem['examples']> }) {
  const { t } = useTranslation();
  const others = examples
    .slice(1)
    .map(({ line, value }) =>
      line === undefined ? `“${value}”` : `“${value}” (${t('train.line', { line })})`,
    );
  return <>{t('train.examples', { examples: others.join(', ') })}</>;
}
