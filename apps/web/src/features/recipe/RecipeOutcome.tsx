import type { RecipeResult } from '@kaefer/contracts';
import { Stack, Text, Title } from '@mantine/core';
import { IconEqual, IconMinus, IconPencil, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { PreviewTable } from '../files/PreviewTable.tsx';
import { ProblemList } from '../files/ProblemList.tsx';
import { CountTiles } from '../train/CountTiles.tsx';

/** What a recipe makes of the reports, and what that changes in the training table. */
export function RecipeOutcome({ result }: { readonly result: RecipeResult }) {
  const { t } = useTranslation();
  const { rows, problems, columns, preview, status } = result;
  return (
    <Stack gap="md">
      {status === 'valid' && (
        <div>
          <CountTiles
            tiles={[
              {
                part: 'new',
                Icon: IconPlus,
                text: t('train.new'),
                hint: t('recipe.newHint'),
                count: rows.new,
              },
              {
                part: 'updated',
                Icon: IconPencil,
                text: t('train.updated'),
                hint: t('recipe.updatedHint'),
                count: rows.updated,
              },
              {
                part: 'unchanged',
                Icon: IconEqual,
                text: t('train.unchanged'),
                hint: t('recipe.unchangedHint'),
                count: rows.unchanged,
              },
              {
                part: 'rejected',
                Icon: IconMinus,
                text: t('recipe.removed'),
                hint: t('recipe.removedHint'),
                count: rows.removed,
              },
            ]}
          />
          <Text size="sm" c="dimmed" mt={8}>
            {t('recipe.total', { count: rows.total })}
          </Text>
        </div>
      )}
      {problems.length > 0 && (
        <div>
          <Title order={3} mb="xs">
            {t('train.problems')}
          </Title>
          <ProblemList
            problems={problems}
            headings={{ error: t('recipe.errors'), warning: t('recipe.warnings') }}
          />
        </div>
      )}
      {preview.length > 0 && (
        <Disclosure title={t('recipe.preview')}>
          <PreviewTable
            filename={t('recipe.trainingTable')}
            columns={columns.map((column) => ({ ...column, format: 'plain' as const }))}
            rows={preview}
          />
        </Disclosure>
      )}
    </Stack>
  );
}
