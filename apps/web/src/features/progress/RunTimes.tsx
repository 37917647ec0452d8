import { useTranslation } from 'react-i18next';
import { isUnderWay } from '../../api/run-events.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Facts } from '../../ui/Facts.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { LiveRun } from './live-run.ts';

const secondMs = 1000;

/** Elapsed and remaining time. Between two events the clock goes on here. */
export function RunTimes({ live: { run, progress, heardAtMs } }: { live: LiveRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(secondMs);

  const sinceMs = Math.max(0, now - heardAtMs);
  const begin = run.startedAt ?? run.createdAt;
  const end = run.finishedAt ? Date.parse(run.finishedAt) : now;
  const elapsedMs = progress && isUnderWay(run) ? progress.elapsedMs + sinceMs : end - Date.parse(begin);
  const remainingMs = progress?.remainingMs ?? null;
  return (
    <Facts
      columns
      items={[
        { name: t('progress.elapsed'), value: format.duration(elapsedMs) },
        ...(isUnderWay(run)
          ? [
              {
                name: t('progress.remaining'),
                value:
                  remainingMs === null
                    ? t('progress.remainingUnknown')
                    : format.duration(Math.max(0, remainingMs - sinceMs)),
              },
            ]
          : []),
      ]}
    />
  );
}
