import type { Arrival as ArrivalView } from '@kaefer/contracts';
import type { Arrival } from '../arrivals.ts';

export function arrivalView({
  id,
  filename,
  reference,
  feed,
  startedAt,
  expectedBytes,
  bytes,
  isChecking,
  checked,
}: Arrival): ArrivalView {
  return {
    id,
    filename,
    reference,
    feed,
    startedAt,
    stage: isChecking ? 'checking' : 'receiving',
    bytes,
    expectedBytes,
    checked,
  };
}
