import { useCallback, useRef, useState } from 'react';
import { uploadFile } from '../../api/upload.ts';
import type { Schema } from '../../api/client.ts';

export interface Transfer {
  readonly id: number;
  readonly filename: string;
  readonly bytes: number;
  /** Share of the bytes that have left, 0 to 1. */
  readonly share: number;
  readonly error: unknown;
}

interface Options<T> {
  readonly pathOf: (filename: string) => string;
  readonly schema: Schema<T>;
  readonly onDone: (answer: T) => void;
}

/** Files on their way to the server, each with its progress; one that arrived leaves the list. */
export function useFileTransfers<T>({ pathOf, schema, onDone }: Options<T>) {
  const [transfers, setTransfers] = useState<Transfer[]>([]);
  const stops = useRef(new Map<number, AbortController>());
  const lastId = useRef(0);

  const change = (id: number, part: Partial<Transfer>) =>
    setTransfers((list) =>
      list.map((transfer) => (transfer.id === id ? { ...transfer, ...part } : transfer)),
    );
  const remove = useCallback((id: number) => {
    stops.current.get(id)?.abort();
    stops.current.delete(id);
    setTransfers((list) => list.filter((transfer) => transfer.id !== id));
  }, []);

  const send = async (file: File) => {
    const id = (lastId.current += 1);
    const stop = new AbortController();
    stops.current.set(id, stop);
    setTransfers((list) => [...list, { id, filename: file.name, bytes: file.size, share: 0, error: null }]);
    try {
      const onProgress = (share: number) => change(id, { share });
      const answer = await uploadFile(
        { path: pathOf(file.name), file, onProgress, signal: stop.signal },
        schema,
      );
      remove(id);
      onDone(answer);
    } catch (error) {
      if (stop.signal.aborted) remove(id);
      else change(id, { error });
    }
  };

  return { transfers, remove, send: (files: File[]) => files.forEach((file) => void send(file)) };
}
