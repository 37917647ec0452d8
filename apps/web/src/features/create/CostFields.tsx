import { Fieldset, Group, NumberInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import type { ProjectChoices } from './project-choices.ts';

/** Empty where nothing was typed. */
export type CostChoices = Pick<ProjectChoices, 'costFalsePositive' | 'costFalseNegative'>;

interface Props {
  readonly choices: CostChoices;
  readonly onChange: (part: Partial<CostChoices>) => void;
  readonly error: string | undefined;
}

/** What each kind of wrong answer costs; both or neither. */
export function CostFields({ choices, onChange, error }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const field = (name: 'costFalsePositive' | 'costFalseNegative') => ({
    label: t(`create.${name}`),
    min: 0,
    hideControls: true,
    ...format.typing,
    value: choices[name] === '' ? ('' as const) : Number(choices[name]),
    onChange: (value: string | number) => onChange({ [name]: String(value) }),
  });
  return (
    <Fieldset legend={t('create.costs')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('create.costsHint')}
      </Text>
      <Group grow align="flex-start">
        <NumberInput {...field('costFalsePositive')} />
        <NumberInput {...field('costFalseNegative')} error={error} />
      </Group>
    </Fieldset>
  );
}
