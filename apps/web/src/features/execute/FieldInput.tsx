import type { Feature } from '@kaefer/contracts';
import { Autocomplete, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';

interface Props {
  readonly feature: Feature;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const shownLevels = 100;

/** One feature as the kind of field that suits its type. */
export function FieldInput({ feature, value, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name, type, minimum, maximum } = feature;
  switch (type) {
    case 'integer':
    case 'number':
      return (
        <NumberInput
          label={name}
          description={
            minimum != null && maximum != null
              ? t('execute.range', { minimum: format.plain(minimum), maximum: format.plain(maximum) })
              : undefined
          }
          value={value === '' ? '' : Number(value)}
          {...format.typing}
          allowDecimal={type === 'number'}
          hideControls
          inputMode={type === 'number' ? 'decimal' : 'numeric'}
          onChange={(next) => onChange(String(next))}
        />
      );
    case 'boolean':
      return (
        <NativeSelect
          label={name}
          value={value}
          data={[
            { value: '', label: t('execute.unknown') },
            { value: 'true', label: t('words.yes') },
            { value: 'false', label: t('words.no') },
          ]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'date':
    case 'timestamp':
      return (
        <TextInput
          label={name}
          type={type === 'date' ? 'date' : 'datetime-local'}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'text':
      return (
        <Autocomplete
          label={name}
          value={value}
          data={[...new Set(feature.levels ?? [])].filter((level) => level !== '')}
          limit={shownLevels}
          maxDropdownHeight={260}
          onChange={onChange}
        />
      );
  }
}
