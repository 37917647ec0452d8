import { Link } from '@tanstack/react-router';
import classes from './Shell.module.css';

export function Logo({ project }: { project: string | undefined }) {
  const content = (
    <>
      <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden>
        <rect width="32" height="32" rx="7" fill="#0f4f4d" />
        <path d="M8 20.5C8 13.6 11.6 9 16 9s8 4.6 8 11.5z" fill="#f4f7f6" />
        <path d="M16 9v11.5" stroke="#0f4f4d" strokeWidth="1.6" />
        <path d="M6.5 23h19" stroke="#f2a33a" strokeWidth="2.4" strokeLinecap="round" />
      </svg>
      <span>Käfer</span>
    </>
  );
  return project ? (
    <Link to="/projects/$project" params={{ project }} className={classes.logo} aria-label="Käfer">
      {content}
    </Link>
  ) : (
    <Link to="/" className={classes.logo} aria-label="Käfer">
      {content}
    </Link>
  );
}
