import type { Project } from '@kaefer/contracts';
import { Menu } from '@mantine/core';
import { IconCheck, IconChevronDown, IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './Shell.module.css';
import { useIsEngineer } from '../features/project/use-is-engineer.ts';

/** Which project one is in, and the way to another or to a new one. */
export function ProjectSwitcher({
  current,
  projects,
}: {
  current: Project | undefined;
  projects: Project[];
}) {
  const { t } = useTranslation();
  const isEngineer = useIsEngineer();
  const navigate = useNavigate();
  if (projects.length === 0) return null;
  return (
    <Menu
      width={280}
      position="bottom-start"
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.project}
          aria-label={`${t('app.switchProject')}: ${current?.name ?? ''}`}
        >
          <span>{current?.name ?? t('app.project')}</span>
          <IconChevronDown size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {projects.map((project) => (
          <Menu.Item
            key={project.id}
            aria-current={project.id === current?.id ? 'true' : undefined}
            leftSection={
              project.id === current?.id ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                <span style={{ width: 16 }} />
              )
            }
            onClick={() => void navigate({ to: '/projects/$project', params: { project: project.id } })}
          >
            {project.name}
          </Menu.Item>
        ))}
        {isEngineer && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={() => void navigate({ to: '/projects/new' })}
            >
              {t('app.newProject')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
