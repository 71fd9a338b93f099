import type { LogDefinition, OrderedLog, RecordsDefinition, RecordStore, Storage } from '@mobkit/core';

/** The storage, with some of its methods replaced. */
export function withStorage(storage: Storage, change: Partial<Storage>): Storage {
  return {
    supports: storage.supports,
    prepare: (definitions) => storage.prepare(definitions),
    log: (definition, partition) => storage.log(definition, partition),
    records: (definition) => storage.records(definition),
    contents: () => storage.contents(),
    commit: (write) => storage.commit(write),
    ...change,
  };
}

/** The storage, with methods of its logs replaced. */
export function withLogs(
  storage: Storage,
  change: (log: OrderedLog, definition: LogDefinition, partition?: string) => Partial<OrderedLog>,
): Storage {
  return withStorage(storage, {
    log(definition, partition) {
      const log = storage.log(definition, partition);
      return { ...log, ...change(log, definition, partition) };
    },
  });
}

/** The storage, with methods of its records replaced. */
export function withRecords(
  storage: Storage,
  change: (records: RecordStore) => Partial<RecordStore>,
): Storage {
  return withStorage(storage, {
    records(definition: RecordsDefinition) {
      const records = storage.records(definition);
      return { ...records, ...change(records) };
    },
  });
}
