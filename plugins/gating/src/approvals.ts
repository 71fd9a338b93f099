import type {
  DeleteWrite,
  NewRecord,
  PutWrite,
  RecordsDefinition,
  Storage,
  StoredRecord,
} from '@mobkit/core';
import type { PendingApproval } from '@mobkit/core/ops';

/** An approval as it is kept. */
export interface Approval extends PendingApproval {
  /** The call that waits for it; absent for an action that nobody waits for. */
  readonly callKey?: string;
  /** Whether the notice about it went or failed, and the audit says so. */
  readonly announced: boolean;
  /** Absent while it waits. Kept for calls alone: of anything else the audit is what remains. */
  readonly verdict?: Verdict;
}

interface Verdict {
  readonly allowed: boolean;
  /** What whoever asked is told when it is not. */
  readonly reason: string;
  readonly decidedAtMs: number;
}

/** With the version it was read as. */
export interface KeptApproval {
  readonly approval: Approval;
  readonly version: number;
}

/** As many as may wait: more than anybody decides about, and few enough to be looked through. */
export const MOST_PENDING = 512;

export class Approvals {
  readonly #storage: Storage;
  readonly #definition: RecordsDefinition;

  constructor(storage: Storage, definition: RecordsDefinition) {
    this.#storage = storage;
    this.#definition = definition;
  }

  async get(pendingId: string): Promise<KeptApproval | undefined> {
    const found = await this.#records.get(pendingId);
    return found && parse(found);
  }

  /** Keeps a new one; answers its version. @throws MobError `MOB_CONFLICT` when there is one of its id. */
  async add(approval: Approval): Promise<number> {
    return this.#records.put(approval.pendingId, toRecord(approval), { expectedVersion: 0 });
  }

  /** What keeps one in a commit. @param expectedVersion - 0 for one that is new. */
  putOf(approval: Approval, expectedVersion: number): PutWrite {
    return {
      records: this.#definition,
      key: approval.pendingId,
      record: toRecord(approval),
      expectedVersion,
    };
  }

  /** What removes one in a commit. */
  deleteOf({ approval, version }: KeptApproval): DeleteWrite {
    return { records: this.#definition, key: approval.pendingId, expectedVersion: version };
  }

  async remove({ approval, version }: KeptApproval): Promise<void> {
    await this.#records.delete(approval.pendingId, { expectedVersion: version });
  }

  /** Those without a verdict, also those past their deadline, in the order they were made. */
  async waiting(): Promise<readonly KeptApproval[]> {
    return this.#list('pending');
  }

  async decided(): Promise<readonly KeptApproval[]> {
    return this.#list('decided');
  }

  async #list(status: 'pending' | 'decided'): Promise<readonly KeptApproval[]> {
    // Processes that count at the same moment may pass the bound by a few.
    const { records } = await this.#records.list({ where: { status }, limit: 2 * MOST_PENDING });
    const approvals = records.map(parse);
    return approvals.toSorted(
      ({ approval: one }, { approval: other }) =>
        one.createdAtMs - other.createdAtMs || (one.actionId < other.actionId ? -1 : 1),
    );
  }

  get #records() {
    return this.#storage.records(this.#definition);
  }
}

function toRecord(approval: Approval): NewRecord {
  return {
    fields: { status: approval.verdict ? 'decided' : 'pending' },
    data: JSON.stringify(approval),
  };
}

function parse({ data, version }: StoredRecord): KeptApproval {
  return { approval: JSON.parse(data) as Approval, version };
}
