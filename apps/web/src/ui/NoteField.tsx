import { TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  /** Default asks why, and says that nobody has to answer. */
  readonly label?: string;
  readonly value: string;
  readonly onChange: (note: string) => void;
}

/** The reason of a change, which is kept with it. */
export function NoteField({ label, value, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={label ?? t('settings.note')}
      description={t('settings.noteHint')}
      maxLength={2000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
