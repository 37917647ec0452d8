import { useCallback, useRef, useState } from 'react';
import { uploadFile } from '../../api/upload.ts';
import type { Schema } from '../../api/client.ts';
import { inOrderOfNames } from './order-of-names.ts';

export interface Transfer {
  readonly id: number;
  /** What the server calls it while it is on its way. */
  readonly reference: string;
  readonly filename: string;
  readonly bytes: number;
  /** Files are sent one after another; this one's turn has not come. */
  readonly waits: boolean;
  /** Share of the bytes that have left, 0 to 1. */
  readonly share: number;
  readonly error: unknown;
}

interface Options<T> {
  readonly pathOf: (filename: string, reference: string) => string;
  readonly schema: Schema<T>;
  readonly onDone: (answer: T) => void;
  /** Told of a file that was given up when all of it had left: the server goes on unless it is told, too. */
  readonly onGivenUp?: (reference: string) => void;
}

/**
 * Files on their way to the server, each with its progress; one that arrived leaves the list. Of files that were chosen
 * together each is sent when the one before has been checked, in the order of their names, so that later months count.
 */
export function useFileTransfers<T>({ pathOf, schema, onDone, onGivenUp }: Options<T>) {
  const [transfers, setTransfers] = useState<Transfer[]>([]);
  const stops = useRef(new Map<number, AbortController>());
  const lastId = useRef(0);
  const turn = useRef(Promise.resolve());

  const change = (id: number, part: Partial<Transfer>) =>
    setTransfers((list) =>
      list.map((transfer) => (transfer.id === id ? { ...transfer, ...part } : transfer)),
    );
  const remove = useCallback((id: number) => {
    stops.current.get(id)?.abort();
    stops.current.delete(id);
    setTransfers((list) => list.filter((transfer) => transfer.id !== id));
  }, []);

  const transfer = async (id: number, file: File, reference: string) => {
    const stop = stops.current.get(id);
    if (stop === undefined) return; // removed while it waited
    change(id, { waits: false });
    try {
      const onProgress = (share: number) => change(id, { share });
      const answer = await uploadFile(
        { path: pathOf(file.name, reference), file, onProgress, signal: stop.signal },
        schema,
      );
      remove(id);
      onDone(answer);
    } catch (error) {
      if (stop.signal.aborted) remove(id);
      else change(id, { error });
    }
  };

  const send = (files: File[]) => {
    const added = inOrderOfNames(files).map((file) => ({
      id: (lastId.current += 1),
      reference: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
      file,
    }));
    for (const { id } of added) stops.current.set(id, new AbortController());
    setTransfers((list) => [
      ...list,
      ...added.map(({ id, reference, file }) => ({
        id,
        reference,
        filename: file.name,
        bytes: file.size,
        waits: true,
        share: 0,
        error: null,
      })),
    ]);
    for (const { id, file, reference } of added)
      turn.current = turn.current.then(() => transfer(id, file, reference));
  };

  const giveUp = (id: number) => {
    const given = transfers.find((each) => each.id === id);
    if (given !== undefined && given.error === null && given.share >= 1) onGivenUp?.(given.reference);
    remove(id);
  };

  return { transfers, remove: giveUp, send };
}
