import type {
  DeleteWrite,
  Definition,
  NewRecord,
  LogDefinition,
  OrderedLog,
  PutWrite,
  RecordsDefinition,
  RecordStore,
  Storage,
  StorageContents,
  StorageWrite,
  StorageWritten,
  VersionOptions,
} from '@mobkit/core';

/** Which engines have lost a mob: nothing they still write of it is kept. By mob and engine. */
export const fencesDefinition = {
  kind: 'records',
  name: 'mob_fences',
  fields: { mob_id: 'text' },
} as const satisfies RecordsDefinition;

/** Fences kept for a mob: of more engines that lost it, the oldest are not going to write any more. */
const KEPT_FENCES = 100;

/** What shuts an engine out, for whoever takes the mob from it. */
export function fenceOut(mobId: string, engineId: string): PutWrite {
  const record = { fields: { mob_id: mobId }, data: '{}' };
  return { records: fencesDefinition, key: fenceKey(mobId, engineId), record };
}

/** The fences of a mob that need not be kept beside one more. @throws what the storage throws. */
export async function oldFences(storage: Storage, mobId: string): Promise<readonly DeleteWrite[]> {
  const { records } = await storage.records(fencesDefinition).list({ where: { mob_id: mobId } });
  return records.slice(0, -KEPT_FENCES).map(({ key }) => ({ records: fencesDefinition, key }));
}

/**
 * A storage as one engine may use it for one mob: every write fails with `MOB_CONFLICT` once that engine was fenced out,
 * in the same commit, so that no pause of the process can fall between asking and writing.
 */
export class FencedStorage implements Storage {
  readonly #inner: Storage;
  readonly #notFencedOut: DeleteWrite;

  constructor(inner: Storage, mobId: string, engineId: string) {
    this.#inner = inner;
    // Deletes nothing: it expects that there is nothing.
    this.#notFencedOut = { records: fencesDefinition, key: fenceKey(mobId, engineId), expectedVersion: 0 };
  }

  get supports(): Storage['supports'] {
    return this.#inner.supports;
  }

  prepare(definitions: readonly Definition[]): Promise<void> {
    return this.#inner.prepare(definitions);
  }

  /** To read and prune: what is appended is appended by `commit`. */
  log(definition: LogDefinition, partition?: string): OrderedLog {
    return this.#inner.log(definition, partition);
  }

  contents(): Promise<StorageContents> {
    return this.#inner.contents();
  }

  records(definition: RecordsDefinition): RecordStore {
    const inner = this.#inner.records(definition);
    return {
      get: (key) => inner.get(key),
      list: (query) => inner.list(query),
      claimDue: (claim) => inner.claimDue(claim),
      put: async (key: string, record: NewRecord, options?: VersionOptions) => {
        const { versions } = await this.commit({ puts: [{ records: definition, key, record, ...options }] });
        return versions[0]!;
      },
      delete: async (key: string, options?: VersionOptions) => {
        const { deleted } = await this.commit({ deletes: [{ records: definition, key, ...options }] });
        return deleted[0]!;
      },
    };
  }

  async commit(write: StorageWrite): Promise<StorageWritten> {
    const { deletes = [] } = write;
    const written = await this.#inner.commit({ ...write, deletes: [...deletes, this.#notFencedOut] });
    return { ...written, deleted: written.deleted.slice(0, -1) };
  }
}

function fenceKey(mobId: string, engineId: string): string {
  return `${mobId}/${engineId}`;
}
