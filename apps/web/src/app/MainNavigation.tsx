import { IconDatabase, IconHome, IconPlayerPlay, IconRefreshDot, IconStack2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './Shell.module.css';

const screens = [
  { to: '/projects/$project', text: 'app.home', Icon: IconHome, exact: true },
  { to: '/projects/$project/train', text: 'app.train', Icon: IconRefreshDot, exact: false },
  { to: '/projects/$project/execute', text: 'app.execute', Icon: IconPlayerPlay, exact: false },
  { to: '/projects/$project/models', text: 'app.models', Icon: IconStack2, exact: false },
  { to: '/projects/$project/data', text: 'app.data', Icon: IconDatabase, exact: false },
] as const;

/** The five screens of a project: in the header, or at the bottom edge of a phone. */
export function MainNavigation({ project }: { project: string | undefined }) {
  const { t } = useTranslation();
  if (!project) return null;
  return (
    <nav className={classes.nav} aria-label={t('app.mainNavigation')}>
      <ul>
        {screens.map(({ to, text, Icon, exact }) => (
          <li key={to}>
            <Link to={to} params={{ project }} activeOptions={{ exact }} className={classes.link}>
              <Icon size={19} stroke={1.7} aria-hidden />
              {t(text)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
