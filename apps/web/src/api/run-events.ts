import { Run, RunProgress, type RunEvent } from '@kaefer/contracts';
import { i18n } from '../i18n/index.ts';
import { apiPath, errorOfAnswer } from './client.ts';
import { createEventReader, type ServerSentEvent } from './server-sent-events.ts';

const firstPauseMs = 500;
/** A server that restarts is back within seconds; a longer pause would only look frozen. */
const longestPauseMs = 8000;

export function parseRunEvent({ type, data }: ServerSentEvent): RunEvent | null {
  const value: unknown = JSON.parse(data);
  if (type === 'progress') return { type, data: RunProgress.parse(value) };
  if (type === 'stage' || type === 'status') return { type, data: Run.parse(value) };
  return null;
}

interface Listener {
  readonly onEvent: (event: RunEvent) => void;
  readonly onConnection: (connected: boolean) => void;
}

/**
 * Follows a run until `signal` aborts or the run has ended, connecting again after every loss. It reads the
 * stream with fetch rather than EventSource, which cannot say in which language to answer.
 */
export async function followRun(
  id: string,
  signal: AbortSignal,
  { onEvent, onConnection }: Listener,
): Promise<void> {
  let pauseMs = firstPauseMs;
  let ended = false;
  while (!signal.aborted && !ended) {
    try {
      const answer = await fetch(apiPath(`/runs/${encodeURIComponent(id)}/events`), {
        headers: { Accept: 'text/event-stream', 'Accept-Language': i18n.language },
        credentials: 'same-origin',
        signal,
      });
      if (answer.status === 401 || answer.status === 404) {
        errorOfAnswer(answer.status, '');
        return;
      }
      if (!answer.ok || !answer.body) throw new Error(`The events answered ${answer.status}.`);
      onConnection(true);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      const read = createEventReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        pauseMs = firstPauseMs;
        for (const raw of read(value)) {
          const event = parseRunEvent(raw);
          if (!event) continue;
          onEvent(event);
          ended = event.type !== 'progress' && !isUnderWay(event.data);
        }
      }
    } catch {
      // A lost connection, or a server that restarts: try again below.
    }
    if (signal.aborted || ended) return;
    onConnection(false);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

export const isUnderWay = (run: Pick<Run, 'status'>): boolean =>
  run.status === 'queued' || run.status === 'running';
