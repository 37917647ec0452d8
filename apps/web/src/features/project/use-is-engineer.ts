import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../../api/queries.ts';

/** Whether who is signed in may change what models learn from and how they are chosen. */
export function useIsEngineer(): boolean {
  return useQuery(sessionQuery).data?.role === 'engineer';
}
