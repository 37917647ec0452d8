import { useEffect, useState } from 'react';

const minuteMs = 60_000;

/** The time, fresh enough for "3 days ago". */
export function useNow(everyMs = minuteMs): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
