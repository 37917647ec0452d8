import { KaeferError } from '@kaefer/contracts';
import type { JobProgress } from '@kaefer/pipeline';

/** A file on its way to being an upload. */
export interface Arrival {
  /** The upload's id, once it is one. */
  readonly id: string;
  readonly project: string;
  readonly filename: string;
  /** What the sender calls it, to know it again; null when it said nothing. */
  readonly reference: string | null;
  readonly feed: string | null;
  readonly startedAt: string;
  /** Null when nobody said. */
  readonly expectedBytes: number | null;
  /** What has arrived. */
  bytes: number;
  isChecking: boolean;
  /** How far the check is; null before it says so. */
  checked: { readonly fraction: number; readonly pass: number; readonly rows: number } | null;
}

/** The files that are being received or checked now, and the way to stop them. */
export class Arrivals {
  readonly #arrivals = new Map<string, { readonly arrival: Arrival; readonly stop: AbortController }>();

  /** Of a project, the first to come first. */
  of(project: string): Arrival[] {
    return [...this.#arrivals.values()]
      .map(({ arrival }) => arrival)
      .filter((arrival) => arrival.project === project);
  }

  /**
   * Does the work of a file's arrival, and lists it meanwhile.
   *
   * @param work is to end when its signal says so, which a person or `outer` causes
   */
  async during<T>(
    arrival: Omit<Arrival, 'bytes' | 'isChecking' | 'checked'>,
    outer: AbortSignal | undefined,
    work: (arrival: Arrival, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    const listed: Arrival = { ...arrival, bytes: 0, isChecking: false, checked: null };
    this.#arrivals.set(arrival.id, { arrival: listed, stop });
    try {
      return await work(listed, outer === undefined ? stop.signal : AbortSignal.any([stop.signal, outer]));
    } finally {
      this.#arrivals.delete(arrival.id);
    }
  }

  /**
   * Stops a file: what has arrived is thrown away, and its check is killed.
   *
   * @throws KaeferError `arrival_not_found`
   */
  cancel(id: string): void {
    const found = this.#arrivals.get(id);
    if (found === undefined) throw new KaeferError('arrival_not_found', { arrival: id.slice(0, 100) });
    found.stop.abort(new KaeferError('upload_cancelled', { filename: found.arrival.filename }));
  }
}

/** Takes over what a check says of itself. */
export function noteProgress(arrival: Arrival, { fraction, reading }: JobProgress): void {
  if (reading !== undefined) arrival.checked = { fraction, ...reading };
}
