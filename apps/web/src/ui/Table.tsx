import type { ReactNode } from 'react';
import classes from './Table.module.css';

interface Props {
  /** Says what the table holds; read out, and shown when `captionShown`. */
  readonly caption: string;
  readonly captionShown?: boolean;
  readonly head: ReactNode;
  readonly children: ReactNode;
  /** Height from which the rows scroll. */
  readonly maxHeight?: number;
  readonly compact?: boolean;
}

/** A table that scrolls within itself, also by keyboard. */
export function Table({ caption, captionShown = false, head, children, maxHeight, compact = false }: Props) {
  return (
    <div className={classes.scroll} style={{ maxHeight }} tabIndex={0} role="group" aria-label={caption}>
      <table className={classes.table} data-compact={compact || undefined}>
        <caption className={captionShown ? classes.caption : 'visually-hidden'}>{caption}</caption>
        <thead>{head}</thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
