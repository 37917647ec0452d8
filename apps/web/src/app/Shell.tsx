import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useCurrentProject } from './current-project.ts';
import { Logo } from './Logo.tsx';
import { MainNavigation } from './MainNavigation.tsx';
import { ProjectSwitcher } from './ProjectSwitcher.tsx';
import { SettingsMenu } from './SettingsMenu.tsx';
import classes from './Shell.module.css';

/** Header, navigation and the place of the screens. */
export function Shell() {
  const { t } = useTranslation();
  const { current, projects } = useCurrentProject();
  useFocusOnNavigation();
  return (
    <>
      <a href="#content" className={classes.skip}>
        {t('app.skip')}
      </a>
      <header className={classes.header}>
        <div className={classes.bar}>
          <Logo project={current?.id} />
          <ProjectSwitcher current={current} projects={projects} />
          <MainNavigation project={current?.id} />
          <div className={classes.settings}>
            <SettingsMenu />
          </div>
        </div>
      </header>
      <main id="content" className={classes.content} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

/** Moves the focus to the new screen's heading, so that a screen reader says where one has arrived. */
function useFocusOnNavigation() {
  const router = useRouter();
  const lastPath = useRef(router.state.location.pathname);
  useEffect(
    () =>
      router.subscribe('onRendered', ({ toLocation }) => {
        const moved = lastPath.current !== toLocation.pathname;
        lastPath.current = toLocation.pathname;
        if (!moved) return;
        window.scrollTo(0, 0);
        document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
      }),
    [router],
  );
}
