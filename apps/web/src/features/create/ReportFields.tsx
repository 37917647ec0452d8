import { Button, Fieldset, Group, MultiSelect, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { rereadDraft } from '../../api/actions.ts';
import { ProblemList } from '../files/ProblemList.tsx';
import { ReadingForm } from '../files/ReadingForm.tsx';
import { problemsOfReport, type ReportChoice } from './report-choices.ts';

interface Props {
  readonly report: ReportChoice;
  readonly others: readonly ReportChoice[];
  /** Whether someone has tried to go on: only then is said what is missing. */
  readonly isTried: boolean;
  /** Null takes the report away. */
  readonly onChange: (part: Partial<ReportChoice> | null) => void;
}

/** Name and key of one report. */
export function ReportFields({ report, others, isTried, onChange }: Props) {
  const { t } = useTranslation();
  const { draft, reading, name, key } = report;
  const problems = problemsOfReport(report, others);
  const nameProblem = problems.name && t(`recipe.problems.${problems.name}`);
  const keyProblem = isTried && problems.key && t(`recipe.problems.${problems.key}`);
  return (
    <Fieldset legend={draft.filename}>
      <Stack gap="md">
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {t('words.rows', { count: draft.rows })} · {draft.columns.map((column) => column.name).join(', ')}
        </Text>
        {draft.problems.length > 0 && (
          <div>
            <Title order={3} mb="xs">
              {t('train.problems')}
            </Title>
            <ProblemList problems={draft.problems} />
          </div>
        )}
        <Group align="flex-start" grow preventGrowOverflow={false}>
          <TextInput
            label={t('recipe.sourceName')}
            description={t('recipe.sourceNameHint')}
            maxLength={40}
            value={name}
            error={nameProblem}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
          />
          <MultiSelect
            label={t('recipe.sourceKey')}
            description={t('recipe.sourceKeyHint')}
            searchable
            nothingFoundMessage={t('data.columnsNone')}
            maxValues={8}
            data={draft.columns.map((column) => column.name)}
            value={[...key]}
            error={keyProblem}
            onChange={(columns) => onChange({ key: columns })}
          />
        </Group>
        <ReadingForm
          key={JSON.stringify(reading)}
          file={draft}
          reading={reading}
          onReading={async (changed) => {
            const read = await rereadDraft(draft.id, changed);
            const names = new Set(read.columns.map((column) => column.name));
            onChange({ draft: read, reading: changed, key: key.filter((column) => names.has(column)) });
          }}
        />
        <Group>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconX size={16} aria-hidden />}
            aria-label={`${t('recipe.removeReport')}: ${draft.filename}`}
            onClick={() => onChange(null)}
          >
            {t('recipe.removeReport')}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
