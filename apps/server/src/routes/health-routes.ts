import { z } from 'zod';
import { KaeferError } from '@kaefer/contracts';
import { answers, type App } from '../http/typed.ts';

const Status = z.object({ status: z.literal('ok') });

export function healthRoutes(app: App, isReady: () => boolean): void {
  const tags = ['health'];
  app.get(
    '/healthz',
    { schema: { tags, summary: 'Alive', security: [], response: answers({ 200: Status }) } },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    { schema: { tags, summary: 'Able to serve', security: [], response: answers({ 200: Status }) } },
    async () => {
      if (!isReady()) throw new KaeferError('not_ready', { reason: 'not ready' });
      return { status: 'ok' as const };
    },
  );
}
