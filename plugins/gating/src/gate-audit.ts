import type { AppendWrite, LogDefinition, NewEntry, Storage, StoredEntry } from '@mobkit/core';
import type { GateAuditEntry } from '@mobkit/core/ops';

/** Beyond them the oldest go. */
const KEPT_ENTRIES = 10_000;

/** Looking for what may go is dearer than keeping a few more. */
const PRUNED_EVERY = 256;

export class GateAudit {
  readonly #storage: Storage;
  readonly #definition: LogDefinition;
  #written = 0;

  constructor(storage: Storage, definition: LogDefinition) {
    this.#storage = storage;
    this.#definition = definition;
  }

  async newest(limit: number): Promise<readonly GateAuditEntry[]> {
    const { entries } = await this.#log.read({ limit });
    return entries.map(parse);
  }

  /** What keeps an entry in a commit. */
  appendOf(entry: GateAuditEntry): AppendWrite {
    return { log: this.#definition, entries: [toEntry(entry)] };
  }

  /** Call it after each append. @throws as `prune`. */
  async appended(): Promise<void> {
    this.#written += 1;
    if (this.#written % PRUNED_EVERY === 0) await this.prune();
  }

  /** Call it at a start, too: what is never up for long enough would never. @throws what the storage throws. */
  async prune(): Promise<void> {
    await this.#log.prune({ keep: KEPT_ENTRIES });
  }

  /** As `OrderedLog.onAppend`: of all that is decided, by whichever process, something is appended. */
  onAppend(wake: () => void): () => void {
    return this.#log.onAppend(wake);
  }

  get #log() {
    return this.#storage.log(this.#definition);
  }
}

function toEntry(entry: GateAuditEntry): NewEntry {
  const { auditId: id, timestampMs, actionId: action_id, pendingId: pending_id, eventType } = entry;
  return {
    id,
    timestampMs,
    fields: { action_id, pending_id, event_type: eventType },
    data: JSON.stringify(entry),
  };
}

function parse({ data }: StoredEntry): GateAuditEntry {
  return JSON.parse(data) as GateAuditEntry;
}
