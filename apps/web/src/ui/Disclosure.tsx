import { IconChevronDown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Disclosure.module.css';

/** A part that can be folded away; the browser's own, so it needs no more than its words. */
export function Disclosure({
  title,
  open = false,
  onToggle,
  children,
}: {
  title: string;
  open?: boolean;
  onToggle?: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <details
      className={classes.disclosure}
      open={open}
      onToggle={(event) => onToggle?.(event.currentTarget.open)}
    >
      <summary>
        <IconChevronDown size={18} aria-hidden />
        {title}
      </summary>
      <div className={classes.content}>{children}</div>
    </details>
  );
}
