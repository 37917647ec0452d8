import type { RowCounts } from '@kaefer/contracts';
import { Text } from '@mantine/core';
import { IconEqual, IconPencil, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './RowTiles.module.css';

const tiles = [
  { part: 'new', text: 'train.new', hint: 'train.newHint', Icon: IconPlus },
  { part: 'updated', text: 'train.updated', hint: 'train.updatedHint', Icon: IconPencil },
  { part: 'unchanged', text: 'train.unchanged', hint: 'train.unchangedHint', Icon: IconEqual },
  { part: 'rejected', text: 'train.rejected', hint: 'train.rejectedHint', Icon: IconX },
] as const;

/** What becomes of the rows of a file; the four add up to the total. */
export function RowTiles({ rows }: { rows: RowCounts }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      <dl className={classes.tiles}>
        {tiles.map(({ part, text, hint, Icon }) => (
          <div key={part} className={classes.tile} data-part={rows[part] > 0 ? part : 'none'}>
            <dt>
              <Icon size={17} aria-hidden /> {t(text)}
            </dt>
            <dd>
              <strong>{format.integer(rows[part])}</strong>
              <span>{t(hint)}</span>
            </dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed" mt={8}>
        {t('train.total', { count: rows.total })}
      </Text>
    </div>
  );
}
