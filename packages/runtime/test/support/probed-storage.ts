import type { Storage } from '@mobkit/core';

/** A storage whose writes of the readiness probe are counted, and go as the test says. */
export class ProbedStorage {
  puts = 0;
  /** What a write waits for before it is done; rejected: it fails. */
  answer: Promise<unknown> = Promise.resolve();

  over(storage: Storage): Storage {
    return {
      supports: storage.supports,
      prepare: (definitions) => storage.prepare(definitions),
      log: (definition, partition) => storage.log(definition, partition),
      contents: () => storage.contents(),
      commit: (write) => storage.commit(write),
      records: (definition) => {
        const records = storage.records(definition);
        if (definition.name !== 'readiness_probe') return records;
        return Object.assign(Object.create(records) as typeof records, {
          put: async (...given: Parameters<typeof records.put>) => {
            this.puts += 1;
            await this.answer;
            return records.put(...given);
          },
        });
      },
    };
  }
}
