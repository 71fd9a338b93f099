import type { AppendWrite, LogDefinition, NewEntry, Storage, StoredEntry } from '@mobkit/core';
import type { GateAuditEntry } from '@mobkit/core/ops';

/** Where a `Storage` keeps what was decided, by whom and why. */
export const auditDefinition = {
  kind: 'log',
  name: 'gate_audit',
  fields: { action_id: 'text', pending_id: 'text', event_type: 'text' },
} as const satisfies LogDefinition;

/** Beyond them the oldest go. */
const KEPT_ENTRIES = 10_000;

/** Looking for what may go is dearer than keeping a few more. */
const PRUNED_EVERY = 256;

export class GateAudit {
  readonly #storage: Storage;
  #written = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  async newest(limit: number): Promise<readonly GateAuditEntry[]> {
    const { entries } = await this.#log.read({ limit });
    return entries.map(parse);
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
    return this.#storage.log(auditDefinition);
  }
}

export function appendOf(entries: readonly GateAuditEntry[]): AppendWrite {
  return { log: auditDefinition, entries: entries.map(toEntry) };
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
