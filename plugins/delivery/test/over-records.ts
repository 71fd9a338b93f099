import type { RecordsDefinition, RecordStore, Storage } from '@mobkit/core';

type Change = (records: RecordStore, definition: RecordsDefinition) => Partial<RecordStore>;

/** A storage whose records do some things otherwise, and its commits too where that is said. */
export function overRecords(inner: Storage, change: Change, commit?: Storage['commit']): Storage {
  return {
    supports: inner.supports,
    prepare: (definitions) => inner.prepare(definitions),
    log: (definition, partition) => inner.log(definition, partition),
    contents: () => inner.contents(),
    commit: commit ?? ((write) => inner.commit(write)),
    records(definition) {
      const records = inner.records(definition);
      return {
        get: (key) => records.get(key),
        list: (query) => records.list(query),
        put: (...given) => records.put(...given),
        delete: (...given) => records.delete(...given),
        claimDue: (claim) => records.claimDue(claim),
        ...change(records, definition),
      };
    },
  };
}
