import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { runQuery } from '../../api/queries.ts';
import { followRun, isUnderWay } from '../../api/run-events.ts';
import { fromRun, withEvent, type LiveRun } from './live-run.ts';

/** A run with everything that its events add while it is under way. */
export function useLiveRun(id: string) {
  const queryClient = useQueryClient();
  const query = useQuery(runQuery(id));
  const [live, setLive] = useState<LiveRun | null>(null);
  const [connected, setConnected] = useState(true);
  const underWay = query.data !== undefined && isUnderWay(query.data);

  useEffect(() => {
    if (!underWay) return;
    const stop = new AbortController();
    void followRun(id, stop.signal, {
      onConnection: setConnected,
      onEvent: (event) => {
        setLive((before) => {
          const base =
            before?.run.id === id ? before : event.type === 'progress' ? null : fromRun(event.data);
          return base ? withEvent(base, event, Date.now()) : before;
        });
        if (event.type === 'progress') return;
        queryClient.setQueryData(runQuery(id).queryKey, event.data);
        if (!isUnderWay(event.data))
          void queryClient.invalidateQueries({ queryKey: ['project', event.data.project] });
      },
    });
    return () => stop.abort();
  }, [id, underWay, queryClient]);

  const shown =
    live?.run.id === id && underWay ? live : query.data ? { ...fromRun(query.data), progress: null } : null;
  return { query, live: shown, connected: connected || !underWay };
}
