import type { Clock, DeleteWrite, PutWrite, Storage } from '@mobkit/core';
import type { GateAuditEntry, ModuleEventListener } from '@mobkit/core/ops';

import type { GateAudit } from './gate-audit.js';
import type { NewIds } from './new-ids.js';

export interface GateWritesDeps {
  readonly storage: Storage;
  readonly audit: GateAudit;
  readonly ids: NewIds;
  readonly clock: Clock;
}

/** What an entry of the audit is about. */
type Subject = Pick<GateAuditEntry, 'actionId' | 'pendingId' | 'actorId' | 'riskTier'>;

/** Keeps what is decided together with its entry in the audit, then tells of it. */
export class GateWrites {
  readonly #deps: GateWritesDeps;
  #tell: ModuleEventListener = () => {};

  constructor(deps: GateWritesDeps) {
    this.#deps = deps;
  }

  /** From now on events go there. */
  tellTo(tell: ModuleEventListener): void {
    this.#tell = tell;
  }

  entry(
    { actionId, pendingId, actorId, riskTier }: Subject,
    rest: Pick<GateAuditEntry, 'eventType' | 'outcome' | 'detail'>,
  ): GateAuditEntry {
    const { ids, clock } = this.#deps;
    return {
      auditId: ids.next('audit'),
      timestampMs: clock.now(),
      actionId,
      ...(pendingId !== undefined && { pendingId }),
      actorId,
      riskTier,
      ...rest,
    };
  }

  /** Answers the version of the put, if there is one. @throws MobError `MOB_CONFLICT` when it is another one by now. */
  async commit(
    entry: GateAuditEntry,
    write: { readonly put?: PutWrite; readonly remove?: DeleteWrite } = {},
  ): Promise<number | undefined> {
    const { storage, audit } = this.#deps;
    const { put, remove } = write;
    const { versions } = await storage.commit({
      ...(put && { puts: [put] }),
      ...(remove && { deletes: [remove] }),
      appends: [audit.appendOf(entry)],
    });
    this.#tell(toEvent(entry));
    await audit.appended();
    return versions[0];
  }
}

function toEvent(entry: GateAuditEntry): Parameters<ModuleEventListener>[0] {
  const { auditId, timestampMs, eventType, pendingId } = entry;
  const payload = {
    audit_id: auditId,
    action_id: entry.actionId,
    ...(pendingId !== undefined && { pending_id: pendingId }),
    actor_id: entry.actorId,
    risk_tier: entry.riskTier,
    outcome: entry.outcome,
    detail: entry.detail,
  };
  return { eventId: auditId, timestampMs, event: { kind: 'module', module: 'gating', eventType, payload } };
}
