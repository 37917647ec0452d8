import type { Locale } from '@kaefer/contracts';
import type { Context } from '../context.ts';
import { requestLocale } from '../http/locale.ts';
import { answers, IdParams, TextAnswer, type App } from '../http/typed.ts';
import type { RunSignal } from '../runs/run-events.ts';
import type { RunQueue } from '../runs/run-queue.ts';
import { freshRun } from '../runs/stage-scope.ts';
import { progressView, runView } from '../views/run-view.ts';

/** Keeps proxies from closing a silent connection, in milliseconds. */
const heartbeatMs = 15_000;
/** Progress is told at most so often, in milliseconds; training may end hundreds of rounds a second. */
const progressEveryMs = 150;

/** Server-sent events of a run: `stage` and `status` carry the run, `progress` how far it is. */
export function runEventsRoute(app: App, context: Context, queue: RunQueue): void {
  app.get(
    '/api/v1/runs/:id/events',
    {
      schema: {
        tags: ['runs'],
        summary: 'Server-sent events: stage, progress, status',
        params: IdParams,
        produces: ['text/event-stream'],
        response: answers({ 200: TextAnswer }),
      },
    },
    async (request, reply) => {
      const locale = requestLocale(request);
      const run = await freshRun(context, request.params.id);
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      const stop = forward(context, queue, run.id, locale, (event, data) =>
        raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      );
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
      request.raw.on('close', () => {
        clearInterval(heartbeat);
        stop();
      });
    },
  );
}

function forward(
  context: Context,
  queue: RunQueue,
  id: string,
  locale: Locale,
  write: (event: RunSignal, data: unknown) => void,
): () => void {
  let closed = false;
  let lastProgressMs = 0;
  let pending: NodeJS.Timeout | undefined;
  const send = async (signal: RunSignal): Promise<void> => {
    const run = await freshRun(context, id);
    if (closed) return;
    if (signal !== 'progress') return write(signal, await runView(context, queue, run, locale));
    const progress = progressView(queue, run, locale);
    if (progress !== undefined) write('progress', progress);
  };
  const tell = (signal: RunSignal): void => {
    send(signal).catch((error: unknown) =>
      context.log.warn({ err: error, run: id }, 'an event was not sent'),
    );
  };
  const unwatch = queue.events.watch(id, (signal) => {
    if (signal !== 'progress') return tell(signal);
    if (pending !== undefined) return;
    const wait = Math.max(0, lastProgressMs + progressEveryMs - Date.now());
    pending = setTimeout(() => {
      pending = undefined;
      lastProgressMs = Date.now();
      tell('progress');
    }, wait);
  });
  tell('status');
  return () => {
    closed = true;
    clearTimeout(pending);
    unwatch();
  };
}
