import { Button, Text } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useId, useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './DropZone.module.css';

interface Props {
  readonly many?: boolean;
  readonly disabled?: boolean;
  readonly onFiles: (files: File[]) => void;
}

/** A place to drop files, with an ordinary file input behind a button. */
export function DropZone({ many = false, disabled = false, onFiles }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const hint = useId();

  const take = (list: FileList | null) => {
    const files = [...(list ?? [])];
    if (files.length > 0 && !disabled) onFiles(many ? files : files.slice(0, 1));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };

  return (
    <div
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <IconFileUpload size={34} stroke={1.5} aria-hidden className={classes.icon} />
      <Text fw={600}>{many ? t('files.dropMany') : t('files.drop')}</Text>
      <Text size="sm" c="dimmed">
        {t('files.or')}
      </Text>
      <Button disabled={disabled} aria-describedby={hint} onClick={() => input.current?.click()}>
        {many ? t('files.chooseMany') : t('files.choose')}
      </Button>
      <Text size="sm" c="dimmed" id={hint}>
        {t('files.hint')}
      </Text>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,.parquet,.jsonl,.ndjson,.gz,.zip,text/csv"
        multiple={many}
        hidden
        aria-hidden
        tabIndex={-1}
        onChange={(event) => {
          take(event.currentTarget.files);
          // So that the same file can be chosen again after it was corrected.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
