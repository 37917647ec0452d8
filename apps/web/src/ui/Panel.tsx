import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Panel.module.css';

interface Props {
  readonly title?: ReactNode;
  readonly text?: ReactNode;
  /** Beside the title. */
  readonly actions?: ReactNode;
  /** Level of the heading: 2 below the screen's own, 3 within another panel's part. */
  readonly order?: 2 | 3;
  readonly tone?: 'plain' | 'accent' | 'attention';
  readonly children?: ReactNode;
}

/** One topic of a screen, on a surface of its own. */
export function Panel({ title, text, actions, order = 2, tone = 'plain', children }: Props) {
  return (
    <section className={classes.panel} data-tone={tone}>
      {(title ?? actions) && (
        <div className={classes.head}>
          <div>
            {title && <Title order={order}>{title}</Title>}
            {text && (
              <Text c="dimmed" size="sm" maw="68ch" mt={4}>
                {text}
              </Text>
            )}
          </div>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}
