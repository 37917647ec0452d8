import type { Reading, Upload } from '@kaefer/contracts';
import { Button, MultiSelect, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotice } from '../../app/notices.ts';
import { Disclosure } from '../../ui/Disclosure.tsx';
import { ErrorNotice } from '../../ui/ErrorNotice.tsx';
import { choicesOf, toReading } from './reading-choices.ts';

interface Props {
  readonly file: Pick<Upload, 'filename' | 'dialect'> & {
    readonly columns: ReadonlyArray<{ readonly name: string }>;
  };
  /** What was said of such files so far. */
  readonly reading: Reading;
  /** Reads the file again so. */
  readonly onReading: (reading: Reading) => Promise<void>;
}

/** Lets a person say how the file is written where Käfer understood it wrongly; it is read again so. */
export function ReadingForm({ file, reading, onReading }: Props) {
  const { t } = useTranslation();
  const say = useNotice();
  const [choices, setChoices] = useState(() => choicesOf(reading));
  const set = (part: Partial<typeof choices>) => setChoices((before) => ({ ...before, ...part }));
  const wanted = toReading(choices);
  const isChanged = wanted !== undefined && JSON.stringify(wanted) !== JSON.stringify(reading);
  const rereading = useMutation({
    mutationFn: onReading,
    onSuccess: () => say(t('reading.done', { filename: file.filename })),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (wanted !== undefined && isChanged) rereading.mutate(wanted);
  };
  const { sheets = [], container } = file.dialect ?? {};
  const isTable = container === 'workbook' || container === 'parquet' || container === 'json_lines';
  const open = { placeholder: t('reading.fileDecides'), clearable: true };
  return (
    <Disclosure title={t('reading.title')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm">{t('reading.text')}</Text>
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} style={{ alignItems: 'end' }}>
            <Select
              {...open}
              label={t('reading.dates')}
              data={[
                { value: 'day_first', label: t('reading.dayFirst') },
                { value: 'month_first', label: t('reading.monthFirst') },
              ]}
              value={choices.dates || null}
              clearButtonProps={{ 'aria-label': t('reading.fileDecides') }}
              onChange={(dates) => set({ dates: dates ?? '' })}
            />
            <Select
              {...open}
              label={t('reading.decimal')}
              data={[
                { value: 'comma', label: t('reading.comma') },
                { value: 'point', label: t('reading.point') },
              ]}
              value={choices.decimal || null}
              clearButtonProps={{ 'aria-label': t('reading.fileDecides') }}
              onChange={(decimal) => set({ decimal: decimal ?? '' })}
            />
            {!isTable && (
              <Select
                {...open}
                label={t('files.delimiter')}
                data={[
                  { value: ',', label: `${t('files.comma')} ,` },
                  { value: ';', label: `${t('files.semicolon')} ;` },
                  { value: '\t', label: t('files.tab') },
                  { value: '|', label: `${t('files.pipe')} |` },
                ]}
                value={choices.delimiter || null}
                clearButtonProps={{ 'aria-label': t('reading.fileDecides') }}
                onChange={(delimiter) => set({ delimiter: delimiter ?? '' })}
              />
            )}
            <TextInput
              label={t('reading.headerLine')}
              placeholder={t('reading.fileDecides')}
              inputMode="numeric"
              value={choices.headerLine}
              error={wanted === undefined && t('reading.noLine')}
              onChange={(event) => set({ headerLine: event.currentTarget.value })}
            />
            {sheets.length > 1 && (
              <Select
                {...open}
                label={t('files.sheet')}
                data={sheets}
                value={choices.sheet || null}
                clearButtonProps={{ 'aria-label': t('reading.fileDecides') }}
                onChange={(sheet) => set({ sheet: sheet ?? '' })}
              />
            )}
          </SimpleGrid>
          <MultiSelect
            label={t('reading.asText')}
            description={t('reading.asTextHint')}
            searchable
            nothingFoundMessage={t('data.columnsNone')}
            data={[...new Set([...file.columns.map(({ name }) => name), ...choices.asText])]}
            value={[...choices.asText]}
            onChange={(asText) => set({ asText })}
          />
          {rereading.error && <ErrorNotice error={rereading.error} />}
          <div>
            <Button
              type="submit"
              leftSection={<IconRefresh size={18} aria-hidden />}
              loading={rereading.isPending}
              disabled={!isChanged}
              aria-label={`${t('reading.again')}: ${file.filename}`}
            >
              {t('reading.again')}
            </Button>
          </div>
        </Stack>
      </form>
    </Disclosure>
  );
}
