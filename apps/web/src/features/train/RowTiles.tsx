import type { RowCounts } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconEqual, IconPencil, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CountTiles } from './CountTiles.tsx';

const tiles = [
  { part: 'new', text: 'train.new', hint: 'train.newHint', Icon: IconPlus },
  { part: 'updated', text: 'train.updated', hint: 'train.updatedHint', Icon: IconPencil },
  { part: 'unchanged', text: 'train.unchanged', hint: 'train.unchangedHint', Icon: IconEqual },
  { part: 'rejected', text: 'train.rejected', hint: 'train.rejectedHint', Icon: IconX },
] as const;

/** What becomes of the rows of a file; the four add up to the total. */
export function RowTiles({ rows }: { rows: RowCounts }) {
  const { t } = useTranslation();
  return (
    <div>
      <CountTiles
        tiles={tiles.map(({ part, text, hint, Icon }) => ({
          part,
          Icon,
          text: t(text),
          hint: t(hint),
          count: rows[part],
        }))}
      />
      <Text size="sm" c="dimmed" mt={8}>
        {t('train.total', { count: rows.total })}
      </Text>
    </div>
  );
}
