import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNotice } from './ErrorNotice.tsx';

const longestNote = 2000;

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text: ReactNode;
  readonly confirm: string;
  readonly dismiss?: string;
  readonly danger?: boolean;
  /** Asks for an optional reason. */
  readonly withReason?: boolean;
  readonly pending: boolean;
  /** It cannot be confirmed, now or at all. */
  readonly disabled?: boolean;
  readonly error: unknown;
  readonly onConfirm: (reason: string) => void;
}

/** Asks once more before something that others will notice. */
export function ConfirmDialog(props: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <Modal opened={props.opened} onClose={props.onClose} withCloseButton={false} centered>
      <Stack>
        <Modal.Title component="h2" fz="xl" fw={650}>
          {props.title}
        </Modal.Title>
        <Text>{props.text}</Text>
        {props.withReason && (
          <Textarea
            label={t('results.reason')}
            description={t('results.reasonHint')}
            value={reason}
            maxLength={longestNote}
            autosize
            minRows={2}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        {props.error != null && <ErrorNotice error={props.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={props.onClose}>
            {props.dismiss ?? t('app.cancel')}
          </Button>
          <Button
            data-autofocus={props.withReason ? undefined : true}
            color={props.danger ? 'red' : undefined}
            loading={props.pending}
            disabled={props.disabled}
            onClick={() => props.onConfirm(reason)}
          >
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
