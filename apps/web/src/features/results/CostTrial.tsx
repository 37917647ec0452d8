import { Fieldset, Group, NumberInput, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';

export interface TypedCosts {
  readonly falsePositive: number | '';
  readonly falseNegative: number | '';
}

interface Props {
  readonly value: TypedCosts;
  readonly onChange: (value: TypedCosts) => void;
}

/** Costs to look at where the project has none; they are not kept. */
export function CostTrial({ value, onChange }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const field = (name: keyof TypedCosts) => ({
    min: 0,
    hideControls: true,
    ...format.typing,
    value: value[name],
    onChange: (typed: string | number) =>
      onChange({ ...value, [name]: typed === '' || !Number.isFinite(Number(typed)) ? '' : Number(typed) }),
  });
  return (
    <Fieldset legend={t('create.costs')}>
      <Text size="sm" c="dimmed" mb="xs">
        {t('results.costTrial')}
      </Text>
      <Group grow align="flex-start">
        <NumberInput label={t('create.costFalsePositive')} {...field('falsePositive')} />
        <NumberInput label={t('create.costFalseNegative')} {...field('falseNegative')} />
      </Group>
    </Fieldset>
  );
}
