import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Panel } from './Panel.tsx';

/** There is nothing here yet, why, and what to do about it. */
export function Empty({
  icon,
  title,
  text,
  action,
}: {
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
}) {
  return (
    <Panel>
      <Stack align="center" gap="sm" py="xl" ta="center">
        {icon}
        <Title order={2}>{title}</Title>
        <Text c="dimmed" maw="52ch">
          {text}
        </Text>
        {action}
      </Stack>
    </Panel>
  );
}
