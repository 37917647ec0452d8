import { Group, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import classes from './Page.module.css';

interface Props {
  readonly title: string;
  /** Above the title: what the page belongs to. */
  readonly eyebrow?: ReactNode;
  readonly lead?: ReactNode;
  /** Beside the title. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** The frame of a screen: its heading, which receives the focus on navigation, and its content. */
export function Page({ title, eyebrow, lead, actions, children }: Props) {
  useEffect(() => {
    document.title = `${title} · Käfer`;
  }, [title]);
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.titles}>
          {eyebrow && <Group gap="xs">{eyebrow}</Group>}
          <Title order={1} tabIndex={-1}>
            {title}
          </Title>
          {lead && (
            <Text c="dimmed" maw="62ch">
              {lead}
            </Text>
          )}
        </div>
        {actions && <Group gap="sm">{actions}</Group>}
      </header>
      {children}
    </div>
  );
}
