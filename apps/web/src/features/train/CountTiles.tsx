import type { Icon } from '@tabler/icons-react';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './RowTiles.module.css';

export interface CountTile {
  /** Which colour it has where its count is not zero. */
  readonly part: 'new' | 'updated' | 'unchanged' | 'rejected';
  readonly Icon: Icon;
  readonly text: string;
  readonly hint: string;
  readonly count: number;
}

/** Counts of rows side by side. */
export function CountTiles({ tiles }: { readonly tiles: readonly CountTile[] }) {
  const format = useFormat();
  return (
    <dl className={classes.tiles}>
      {tiles.map(({ part, text, hint, count, Icon }) => (
        <div key={part} className={classes.tile} data-part={count > 0 ? part : 'none'}>
          <dt>
            <Icon size={17} aria-hidden /> {text}
          </dt>
          <dd>
            <strong>{format.integer(count)}</strong>
            <span>{hint}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
