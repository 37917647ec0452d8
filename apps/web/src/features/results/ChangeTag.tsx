import { IconArrowDownRight, IconArrowUpRight, IconEqual } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Tag } from '../../ui/Tag.tsx';
import type { Change } from './metric-facts.ts';

/** Better, worse or neither: in a word, an icon and a colour. */
export function ChangeTag({ change }: { change: Change }) {
  const { t } = useTranslation();
  switch (change) {
    case 'better':
      return (
        <Tag tone="better" icon={<IconArrowUpRight size={15} aria-hidden />}>
          {t('results.better')}
        </Tag>
      );
    case 'worse':
      return (
        <Tag tone="worse" icon={<IconArrowDownRight size={15} aria-hidden />}>
          {t('results.worse')}
        </Tag>
      );
    case 'same':
      return <Tag icon={<IconEqual size={15} aria-hidden />}>{t('results.same')}</Tag>;
  }
}
