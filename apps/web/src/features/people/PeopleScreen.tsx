import type { Invitation, Person, Role } from '@kaefer/contracts';
import { Button, CopyButton, Group, Radio, Stack, Text, TextInput } from '@mantine/core';
import { IconCopy, IconUserPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { dismissPerson, inviteAgain, invitePerson } from '../../api/actions.ts';
import { peopleQuery } from '../../api/queries.ts';
import { useNotice } from '../../app/notices.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { Page } from '../../ui/Page.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Table } from '../../ui/Table.tsx';
import { Waiting } from '../../ui/Waiting.tsx';

const roles: readonly Role[] = ['operator', 'engineer'];

/** Who signs in by a name of their own, and how more of them get in. */
export function PeopleScreen() {
  const { t } = useTranslation();
  const query = useQuery(peopleQuery);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  return (
    <Page title={t('people.title')} lead={t('people.lead')}>
      {invitation && <InvitationPanel invitation={invitation} />}
      <InviteForm onInvited={setInvitation} />
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Waiting />}
      {query.data && <PeopleTable people={query.data} onInvited={setInvitation} />}
    </Page>
  );
}

function InvitationPanel({ invitation: { person, path, expiresAt } }: { readonly invitation: Invitation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const link = `${window.location.origin}${path}`;
  return (
    <Panel
      tone="accent"
      title={t('people.linkTitle', { name: person.name })}
      text={t('people.linkText', { until: format.dateTime(expiresAt) })}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          readOnly
          label={t('people.link')}
          value={link}
          style={{ flex: '1 1 18rem' }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={link}>
          {({ copied, copy }) => (
            <Button leftSection={<IconCopy size={18} aria-hidden />} variant="default" onClick={copy}>
              {t(copied ? 'people.copied' : 'people.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </Panel>
  );
}

function InviteForm({ onInvited }: { readonly onInvited: (invitation: Invitation) => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const inviting = useMutation({
    mutationFn: () => invitePerson(name, role),
    onSuccess: async (invitation) => {
      setName('');
      onInvited(invitation);
      await queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') inviting.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Panel title={t('people.invite')}>
        <Stack gap="md">
          <TextInput
            label={t('people.name')}
            description={t('people.nameHint')}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Radio.Group
            label={t('people.role')}
            value={role}
            onChange={(value) => setRole(value === 'engineer' ? 'engineer' : 'operator')}
          >
            <Stack gap="xs" mt="xs">
              {roles.map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={t(`people.roles.${one}`)}
                  description={t(`people.roleHints.${one}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          {inviting.error && <ErrorNotice error={inviting.error} />}
          <div>
            <Button
              type="submit"
              leftSection={<IconUserPlus size={18} aria-hidden />}
              loading={inviting.isPending}
              disabled={name.trim() === ''}
            >
              {t('people.makeLink')}
            </Button>
          </div>
        </Stack>
      </Panel>
    </form>
  );
}

function PeopleTable({
  people,
  onInvited,
}: {
  readonly people: readonly Person[];
  readonly onInvited: (invitation: Invitation) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useNotice();
  const queryClient = useQueryClient();
  const [leaving, setLeaving] = useState<Person | null>(null);
  const inviting = useMutation({ mutationFn: inviteAgain, onSuccess: onInvited });
  const removing = useMutation({
    mutationFn: dismissPerson,
    onSuccess: async ({ name }) => {
      setLeaving(null);
      say(t('people.removed', { name }));
      await queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey });
    },
  });
  return (
    <Panel title={t('people.list')} text={people.length === 0 ? t('people.none') : undefined}>
      {inviting.error && <ErrorNotice error={inviting.error} />}
      {people.length > 0 && (
        <Table
          caption={t('people.list')}
          head={
            <tr>
              <th scope="col">{t('people.name')}</th>
              <th scope="col">{t('people.role')}</th>
              <th scope="col">{t('people.since')}</th>
              <td />
            </tr>
          }
        >
          {people.map((person) => (
            <tr key={person.id}>
              <th scope="row">{person.name}</th>
              <td>{t(`people.roles.${person.role}`)}</td>
              <td>
                {format.date(person.createdAt)}
                {person.removedAt !== null && (
                  <Text size="sm" c="dimmed">
                    {t('people.until', { at: format.date(person.removedAt), by: person.removedBy ?? '' })}
                  </Text>
                )}
              </td>
              <td>
                {person.removedAt === null && (
                  <Group gap="xs">
                    <Button
                      size="xs"
                      variant="default"
                      loading={inviting.isPending}
                      aria-label={`${t('people.again')}: ${person.name}`}
                      onClick={() => inviting.mutate(person.id)}
                    >
                      {t('people.again')}
                    </Button>
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`${t('people.remove')}: ${person.name}`}
                      onClick={() => setLeaving(person)}
                    >
                      {t('people.remove')}
                    </Button>
                  </Group>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <ConfirmDialog
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={t('people.removeTitle', { name: leaving?.name ?? '' })}
        text={t('people.removeText')}
        confirm={t('people.remove')}
        danger
        pending={removing.isPending}
        error={removing.error}
        onConfirm={() => leaving && removing.mutate(leaving.id)}
      />
    </Panel>
  );
}
