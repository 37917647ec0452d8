import { CloseButton } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './NoticeProvider.module.css';
import { NoticeContext } from './notices.ts';

/** Long enough to read two sentences twice; it can be closed earlier. */
const shownMs = 12_000;

export function NoticeProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [notice, setNotice] = useState<{ text: string; id: number } | null>(null);
  const say = useCallback((text: string) => setNotice((last) => ({ text, id: (last?.id ?? 0) + 1 })), []);

  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => setNotice(null), shownMs);
    return () => clearTimeout(timer);
  }, [notice]);

  return (
    <NoticeContext value={say}>
      {children}
      <div role="status" className={classes.place}>
        {notice && (
          <div className={classes.notice} key={notice.id}>
            <IconCircleCheck size={22} aria-hidden />
            <span>{notice.text}</span>
            <CloseButton
              aria-label={t('app.dismiss')}
              onClick={() => setNotice(null)}
              className={classes.close}
            />
          </div>
        )}
      </div>
    </NoticeContext>
  );
}
