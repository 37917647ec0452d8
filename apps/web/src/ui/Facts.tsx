import type { ReactNode } from 'react';
import classes from './Facts.module.css';

export interface Fact {
  readonly name: ReactNode;
  readonly value: ReactNode;
}

/** Names and values, side by side where there is room. */
export function Facts({ items, columns = false }: { items: readonly Fact[]; columns?: boolean }) {
  return (
    <dl className={classes.facts} data-columns={columns || undefined}>
      {items.map((item, index) => (
        <div key={index} className={classes.fact}>
          <dt>{item.name}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}
