import type { Locale } from '@kaefer/contracts';
import { ActionIcon, Button, Popover, Radio, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { IconAdjustments, IconLogout, IconUsers } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { signOut } from '../api/actions.ts';
import { sessionQuery } from '../api/queries.ts';
import { useIsEngineer } from '../features/project/use-is-engineer.ts';
import { LinkButton } from '../ui/LinkButton.tsx';
import { chooseLanguage } from '../i18n/index.ts';

const languages: ReadonlyArray<[Locale, string]> = [
  ['pt-BR', 'Português (Brasil)'],
  ['en', 'English'],
];
const schemes = [
  ['auto', 'app.schemeAuto'],
  ['light', 'app.schemeLight'],
  ['dark', 'app.schemeDark'],
] as const;

/** Language, appearance and the session. */
export function SettingsMenu() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const isEngineer = useIsEngineer();

  const leave = async () => {
    await signOut();
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, null);
  };

  return (
    <Popover width={250} position="bottom-end" shadow="md" withinPortal={false} trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('app.settings')}>
          <IconAdjustments size={22} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('app.settings')}>
        <Stack gap="md">
          <Radio.Group
            label={t('app.language')}
            value={i18n.language}
            onChange={(language) => void chooseLanguage(language === 'pt-BR' ? 'pt-BR' : 'en')}
          >
            <Stack gap="xs" mt="xs">
              {languages.map(([language, name]) => (
                <Radio key={language} value={language} label={<span lang={language}>{name}</span>} />
              ))}
            </Stack>
          </Radio.Group>
          <Radio.Group label={t('app.appearance')} value={colorScheme} onChange={setColorScheme}>
            <Stack gap="xs" mt="xs">
              {schemes.map(([scheme, text]) => (
                <Radio key={scheme} value={scheme} label={t(text)} />
              ))}
            </Stack>
          </Radio.Group>
          {session && (
            <div>
              <Text size="sm" c="dimmed" mb="xs">
                {t('app.signedInAs', { user: session.user })}
              </Text>
              {isEngineer && (
                <LinkButton
                  to="/people"
                  variant="default"
                  size="xs"
                  mr="xs"
                  leftSection={<IconUsers size={16} aria-hidden />}
                >
                  {t('people.title')}
                </LinkButton>
              )}
              <Button
                variant="default"
                size="xs"
                leftSection={<IconLogout size={16} aria-hidden />}
                onClick={() => void leave()}
              >
                {t('app.signOut')}
              </Button>
            </div>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
