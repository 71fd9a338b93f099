import {
  type Claim,
  type Claimed,
  type Clock,
  isMobError,
  type RecordStore,
  type RecordsDefinition,
  type Storage,
  type StoredRecord,
} from '@mobkit/core';

/**
 * A storage in which things are due by a clock that can be moved, over a real one. All who share it share its leases; a lease ends
 * with the next put, as everywhere.
 */
export class ClockedStorage implements Storage {
  readonly #inner: Storage;
  readonly #clock: Clock;
  readonly #leases = new Map<
    string,
    { readonly version: number; readonly owner: string; readonly untilMs: number }
  >();
  #claiming: Promise<unknown> = Promise.resolve();
  /** How often anybody asked what is due. */
  claims = 0;
  /** How many puts and commits were answered, but for those of claims. */
  written = 0;

  constructor(inner: Storage, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
  }

  get supports() {
    return this.#inner.supports;
  }

  prepare(...given: Parameters<Storage['prepare']>) {
    return this.#inner.prepare(...given);
  }

  log(...given: Parameters<Storage['log']>) {
    return this.#inner.log(...given);
  }

  contents() {
    return this.#inner.contents();
  }

  commit(...given: Parameters<Storage['commit']>) {
    return this.#counted(this.#inner.commit(...given));
  }

  records(definition: RecordsDefinition): RecordStore {
    const records = this.#inner.records(definition);
    return {
      get: async (key) => {
        const record = await records.get(key);
        const lease = this.#leases.get(`${definition.name}/${key}`);
        return record && lease?.version === record.version ? { ...record, lease } : record;
      },
      list: (query) => records.list(query),
      put: (key, record, options) => this.#counted(records.put(key, record, options)),
      delete: (key, options) => records.delete(key, options),
      claimDue: (claim) => {
        const claimed = this.#claiming.then(() => this.#claim(definition.name, records, claim));
        this.#claiming = claimed.catch(() => {});
        return claimed;
      },
    };
  }

  async #counted<T>(writing: Promise<T>): Promise<T> {
    const answer = await writing;
    this.written += 1;
    return answer;
  }

  async #claim(name: string, records: RecordStore, { owner, leaseMs, limit }: Claim): Promise<Claimed> {
    this.claims += 1;
    const nowMs = this.#clock.now();
    const freeAt = ({ key, version, dueAtMs = Infinity }: StoredRecord) => {
      const lease = this.#leases.get(`${name}/${key}`);
      return Math.max(dueAtMs, lease?.version === version ? lease.untilMs : 0);
    };
    const kept = (await records.list({ limit: 10_000 })).records.filter(
      ({ dueAtMs }) => dueAtMs !== undefined,
    );
    const due = kept
      .filter((record) => freeAt(record) <= nowMs)
      .toSorted((one, other) => (one.dueAtMs ?? 0) - (other.dueAtMs ?? 0));
    const claimed: StoredRecord[] = [];
    for (const { key, fields, data, dueAtMs = 0, version } of due.slice(0, limit)) {
      const next = await records
        .put(key, { fields, data, dueAtMs }, { expectedVersion: version })
        // Somebody was quicker: it is not due any more.
        .catch((error: unknown) => {
          if (isMobError(error, 'MOB_CONFLICT')) return undefined;
          throw error;
        });
      if (next === undefined) continue;
      this.#leases.set(`${name}/${key}`, { version: next, owner, untilMs: nowMs + leaseMs });
      claimed.push({ key, fields, data, dueAtMs, version: next });
    }
    const left = kept.filter(({ key }) => !claimed.some((one) => one.key === key)).map(freeAt);
    return left.length === 0 ? { records: claimed } : { records: claimed, nextDueAtMs: Math.min(...left) };
  }
}
