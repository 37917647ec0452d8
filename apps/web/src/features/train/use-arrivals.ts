import type { Arrival } from '@kaefer/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { arrivalsQuery, feedsQuery, uploadsQuery } from '../../api/queries.ts';

/** The files that the server is receiving or checking; when one is done, the uploads are asked for anew. */
export function useArrivals(project: string, isSending: boolean): readonly Arrival[] {
  const queryClient = useQueryClient();
  const { data: arrivals = [] } = useQuery(arrivalsQuery(project, isSending));
  const before = useRef<readonly string[]>([]);
  const ids = arrivals.map(({ id }) => id).join(' ');
  useEffect(() => {
    const now = ids === '' ? [] : ids.split(' ');
    if (before.current.some((id) => !now.includes(id))) {
      void queryClient.invalidateQueries({ queryKey: uploadsQuery(project).queryKey });
      void queryClient.invalidateQueries({ queryKey: feedsQuery(project).queryKey });
    }
    before.current = now;
  }, [ids, project, queryClient]);
  return arrivals;
}
