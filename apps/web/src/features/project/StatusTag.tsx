import type { RunStatus } from '@kaefer/contracts';
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconClock,
  IconGavel,
  IconLoader,
  IconUsers,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Tag, type Tone } from '../../ui/Tag.tsx';

const looks = {
  queued: { Icon: IconClock, tone: 'neutral' },
  running: { Icon: IconLoader, tone: 'accent' },
  awaiting_decision: { Icon: IconGavel, tone: 'attention' },
  awaiting_approval: { Icon: IconUsers, tone: 'attention' },
  decided: { Icon: IconCircleCheck, tone: 'better' },
  failed: { Icon: IconAlertTriangle, tone: 'worse' },
  cancelled: { Icon: IconBan, tone: 'neutral' },
} as const satisfies Record<RunStatus, { Icon: typeof IconClock; tone: Tone }>;

export function StatusTag({ status }: { status: RunStatus }) {
  const { t } = useTranslation();
  const { Icon, tone } = looks[status];
  return (
    <Tag tone={tone} icon={<Icon size={15} aria-hidden />}>
      {t(`status.${status}`)}
    </Tag>
  );
}
