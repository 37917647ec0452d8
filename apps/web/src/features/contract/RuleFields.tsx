import { actionOf, contractRules, type RuleAction, type RuleBook, type RuleName } from '@kaefer/contracts';
import { NativeSelect, SimpleGrid } from '@mantine/core';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly names: readonly RuleName[];
  /** The choices made here. */
  readonly rules: RuleBook['rules'];
  /** What holds without a choice. */
  readonly fallback: RuleBook | undefined;
  /** Before the name of a rule where it is read out. */
  readonly of?: string;
  readonly onChange: (name: RuleName, action: RuleAction | undefined) => void;
}

/** For each rule what is done about its findings. */
export function RuleFields({ names, rules, fallback, of, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} style={{ alignItems: 'end' }}>
      {names.map((name) => (
        <NativeSelect
          key={name}
          label={t(`contract.rules.${name}`)}
          description={t(`contract.ruleHints.${name}`)}
          aria-label={of === undefined ? undefined : `${of}: ${t(`contract.rules.${name}`)}`}
          value={rules[name] ?? ''}
          data={[
            {
              value: '',
              label: t('contract.asUsual', { action: t(`contract.actions.${actionOf(fallback, name)}`) }),
            },
            ...contractRules[name].actions.map((action) => ({
              value: action,
              label: t(`contract.actions.${action}`),
            })),
          ]}
          onChange={(event) =>
            onChange(
              name,
              contractRules[name].actions.find((action) => action === event.currentTarget.value),
            )
          }
        />
      ))}
    </SimpleGrid>
  );
}
