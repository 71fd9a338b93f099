import type { Storage } from '@mobkit/core';

import { withLogs, withRecords, withStorage } from './break-storage.js';

/** A view of a storage, as one of several processes has it: it can be closed on its own. */
export function viewOf(storage: Storage): { readonly storage: Storage; close(): Promise<void> } {
  const wakes = new Set<() => void>();
  let closed = false;
  const open = () => {
    if (closed) throw new TypeError('The view is closed');
  };
  const logs = withLogs(storage, (log) => ({
    read: async (query) => (open(), log.read(query)),
    onAppend: (wake) => {
      wakes.add(wake);
      const unsubscribe = log.onAppend(wake);
      return () => (wakes.delete(wake), unsubscribe());
    },
  }));
  const many = { ...storage.supports, processes: 'many' } as const;
  return {
    storage: withStorage(
      withRecords(logs, () => ({})),
      { supports: many },
    ),
    close: async () => {
      closed = true;
      for (const wake of wakes) wake();
    },
  };
}
