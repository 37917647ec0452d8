import type { Problem } from '@kaefer/contracts';
import { Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './ProblemList.module.css';

/** Every finding with its place; errors before warnings. */
export function ProblemList({
  problems,
  headings,
}: {
  readonly problems: readonly Problem[];
  /** Default: what the two mean for a file. */
  readonly headings?: Readonly<Record<'error' | 'warning', string>>;
}) {
  const { t } = useTranslation();
  const titles = headings ?? { error: t('train.errors'), warning: t('train.warnings') };
  const groups = (['error', 'warning'] as const)
    .map((severity) => ({ severity, items: problems.filter((problem) => problem.severity === severity) }))
    .filter(({ items }) => items.length > 0);
  return (
    <Stack gap="md">
      {groups.map(({ severity, items }) => (
        <div key={severity} className={classes.group} data-severity={severity}>
          <Title order={4} className={classes.title}>
            {severity === 'error' ? (
              <IconCircleX size={20} aria-hidden />
            ) : (
              <IconAlertTriangle size={20} aria-hidden />
            )}
            {titles[severity]}
          </Title>
          <ul className={classes.list}>
            {items.map((problem, index) => (
              <li key={index}>
                <Text size="sm">{problem.message}</Text>
                <Text size="xs" c="dimmed">
                  <Place problem={problem} />
                </Text>
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
