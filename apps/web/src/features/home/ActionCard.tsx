import { IconArrowRight, type IconHome } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import classes from './HomeScreen.module.css';

interface Props {
  readonly to: '/projects/$project/train' | '/projects/$project/execute';
  readonly project: string;
  readonly Icon: typeof IconHome;
  readonly title: string;
  readonly text: string;
  readonly quiet?: boolean;
}

/** One of the two things that people come for. */
export function ActionCard({ to, project, Icon, title, text, quiet = false }: Props) {
  return (
    <Link to={to} params={{ project }} className={classes.action} data-quiet={quiet || undefined}>
      <Icon size={40} stroke={1.4} aria-hidden />
      <span className={classes.actionText}>
        <strong>{title}</strong>
        <span>{text}</span>
      </span>
      <IconArrowRight size={24} aria-hidden className={classes.arrow} />
    </Link>
  );
}
