import { type Clock, type Storage, systemClock } from '@mobkit/core';
import type { Delivery, Gate, MemoryConflicts, Router } from '@mobkit/core/ops';

import { Approvals } from './approvals.js';
import { Asking } from './asking.js';
import { Deciding } from './deciding.js';
import { DurableGate } from './durable-gate.js';
import { GateAudit } from './gate-audit.js';
import { gateTables } from './gate-tables.js';
import { type CallSettings, GatedCalls } from './gated-calls.js';
import { GateWrites } from './gate-writes.js';
import { NewIds } from './new-ids.js';
import { Sweep } from './sweep.js';
import { Wakes } from './wakes.js';

/** What `openGate` is given. It closes none of it. */
export interface GateOptions {
  /** Keeps approvals in the records `gate_approvals` and the audit in the log `gate_audit`. */
  readonly storage: Storage;
  /**
   * Whose gate it is, such as the id of a mob: of those who share a storage each decides about what is of its own scope. It ends
   * the names of records and log.
   *
   * @defaultValue shared with all that have none
   */
  readonly scope?: string;
  /** Both, to tell those who are to decide. Absent: they look at what is pending. */
  readonly router?: Pick<Router, 'resolve'>;
  readonly delivery?: Pick<Delivery, 'send'>;
  /** Who knows of facts that contradict each other: what one of them knows counts. @defaultValue nobody */
  readonly conflicts?: readonly MemoryConflicts[];
  /** The only ones who may decide, by names that are not blank; white space around them does not count. Absent: whoever wants to, but for who wants it done. */
  readonly approvers?: readonly string[];
  /**
   * How many different people have to approve; one who rejects is enough. With more than 1 a request may name no approver.
   *
   * @defaultValue 1
   */
  readonly quorum?: number;
  /** How calls of tools are asked about. */
  readonly calls?: CallSettings;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

/**
 * Prepares the storage and returns the gate; there is nothing to close. Once it was started it must be stopped. The newest
 * 10,000 entries of the audit are kept, and at most 512 approvals wait at a time.
 *
 * @throws TypeError for a blank approver and for a quorum that cannot be reached; MobError what the storage throws.
 */
export async function openGate(options: GateOptions): Promise<Gate> {
  const { storage, router, delivery, conflicts = [], quorum = 1, clock = systemClock } = options;
  const approvers = options.approvers && namesOf(options.approvers);
  if (!Number.isSafeInteger(quorum) || quorum < 1 || quorum > (approvers?.length ?? Infinity)) {
    throw new TypeError(
      `quorum is not a whole number from 1 to the number of different approvers: ${quorum}`,
    );
  }
  const tables = gateTables(options.scope);
  await storage.prepare([tables.approvals, tables.audit]);
  const approvals = new Approvals(storage, tables.approvals);
  const audit = new GateAudit(storage, tables.audit);
  const ids = new NewIds(clock);
  const wakes = new Wakes();
  const writes = new GateWrites({ storage, audit, ids, clock });
  const onDecided = (pendingId: string) => wakes.wake(pendingId);
  const deciding = new Deciding({ approvals, writes, clock, approvers, quorum, onDecided });
  const asking = new Asking({
    approvals,
    writes,
    ids,
    clock,
    conflicts,
    router,
    delivery,
    approvers,
    quorum,
    onPending: (deadlineAtMs) => sweep.before(deadlineAtMs),
  });
  const sweep = new Sweep({ approvals, asking, deciding, clock });
  const calls = new GatedCalls({
    approvals,
    asking,
    deciding,
    wakes,
    settings: options.calls ?? {},
  });
  return new DurableGate({ approvals, audit, writes, asking, deciding, calls, sweep, wakes, clock });
}

/** As those who decide are compared with: without white space around them, and nobody twice. */
function namesOf(approvers: readonly string[]): readonly string[] {
  const names = [...new Set(approvers.map((name) => name.trim()))];
  if (names.includes('')) throw new TypeError('approvers has a blank name');
  return names;
}
