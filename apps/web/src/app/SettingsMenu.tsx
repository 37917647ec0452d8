import type { Locale } from '@kaefer/contracts';
import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconAdjustments, IconCheck, IconLogout } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { signOut } from '../api/actions.ts';
import { sessionQuery } from '../api/queries.ts';
import { chooseLanguage } from '../i18n/index.ts';

const languages: ReadonlyArray<[Locale, string]> = [
  ['pt-BR', 'Português (Brasil)'],
  ['en', 'English'],
];
const schemes = [
  ['auto', 'app.schemeAuto'],
  ['light', 'app.schemeLight'],
  ['dark', 'app.schemeDark'],
] as const satisfies ReadonlyArray<readonly [MantineColorScheme, string]>;

const mark = (chosen: boolean) =>
  chosen ? <IconCheck size={16} aria-hidden /> : <span style={{ width: 16, display: 'inline-block' }} />;

/** Language, appearance and the session. */
export function SettingsMenu() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);

  const leave = async () => {
    await signOut();
    queryClient.clear();
    queryClient.setQueryData(sessionQuery.queryKey, null);
  };

  return (
    <Menu width={240} position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('app.settings')}>
          <IconAdjustments size={22} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('app.language')}</Menu.Label>
        {languages.map(([language, name]) => (
          <Menu.Item
            key={language}
            role="menuitemradio"
            aria-checked={i18n.language === language}
            lang={language}
            leftSection={mark(i18n.language === language)}
            onClick={() => void chooseLanguage(language)}
          >
            {name}
          </Menu.Item>
        ))}
        <Menu.Label>{t('app.appearance')}</Menu.Label>
        {schemes.map(([scheme, text]) => (
          <Menu.Item
            key={scheme}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            leftSection={mark(colorScheme === scheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {t(text)}
          </Menu.Item>
        ))}
        {session && (
          <>
            <Menu.Divider />
            <Menu.Label>{t('app.signedInAs', { user: session.user })}</Menu.Label>
            <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void leave()}>
              {t('app.signOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
