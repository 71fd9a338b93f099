import { MobError, within, type Clock } from '@mobkit/core';
import type { GatedCall, ToolVerdict } from '@mobkit/core/mob';
import type {
  ApprovalDecided,
  ApprovalDecision,
  Gate,
  GateAuditEntry,
  GateCaller,
  GateEvaluation,
  GateRequest,
  PendingApproval,
  ServiceHost,
} from '@mobkit/core/ops';

import type { Approval, Approvals } from './approvals.js';
import type { Asking } from './asking.js';
import { checkDecision, checkRequest, TIERS } from './check-request.js';
import type { Deciding } from './deciding.js';
import type { GateAudit } from './gate-audit.js';
import type { GateWrites } from './gate-writes.js';
import type { GatedCalls } from './gated-calls.js';
import type { Sweep } from './sweep.js';
import type { Wakes } from './wakes.js';

export interface DurableGateDeps {
  readonly approvals: Approvals;
  readonly audit: GateAudit;
  readonly writes: GateWrites;
  readonly asking: Asking;
  readonly deciding: Deciding;
  readonly calls: GatedCalls;
  readonly sweep: Sweep;
  readonly wakes: Wakes;
  readonly clock: Clock;
}

/** A gate whose approvals and audit are in a storage. */
export class DurableGate implements Gate {
  readonly tiers = TIERS;
  readonly #deps: DurableGateDeps;
  readonly #stopping = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();
  #unwatch: () => void = () => {};

  constructor(deps: DurableGateDeps) {
    this.#deps = deps;
  }

  async start({ tell, onError }: ServiceHost): Promise<void> {
    const { writes, sweep, audit, wakes } = this.#deps;
    writes.tellTo(tell);
    this.#unwatch = audit.onAppend(() => {
      wakes.wakeAll();
      sweep.wake();
    });
    await audit.prune();
    await sweep.begin(onError);
  }

  async stop({ deadlineMs }: { readonly deadlineMs: number }): Promise<void> {
    this.#unwatch();
    this.#stopping.abort(new MobError('MOB_SHUTTING_DOWN', 'The gate is shutting down'));
    const settled = Promise.allSettled([...this.#underWay, this.#deps.sweep.stop()]);
    await within(this.#deps.clock, deadlineMs, settled);
  }

  evaluate(request: GateRequest): Promise<GateEvaluation> {
    return this.#run(async () => this.#deps.asking.evaluate(checkRequest(request)));
  }

  async pending(): Promise<readonly PendingApproval[]> {
    const { approvals, clock } = this.#deps;
    const nowMs = clock.now();
    const waiting = await approvals.waiting();
    return waiting.flatMap(({ approval }) => (approval.deadlineAtMs > nowMs ? [toPending(approval)] : []));
  }

  decide(decision: ApprovalDecision, caller?: GateCaller): Promise<ApprovalDecided> {
    return this.#run(async () => this.#deps.deciding.decide(checkDecision(decision), caller));
  }

  async audit(limit: number): Promise<readonly GateAuditEntry[]> {
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new TypeError(`limit is not a whole number from 1: ${limit}`);
    await this.#deps.sweep.settled();
    return this.#deps.audit.newest(limit);
  }

  admitCall(call: GatedCall, { signal }: { readonly signal: AbortSignal }): Promise<ToolVerdict> {
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    return this.#run(() => this.#deps.calls.admit(call, either));
  }

  settle(callKey: string): Promise<void> {
    return this.#run(() => this.#deps.calls.settle(callKey));
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    this.#stopping.signal.throwIfAborted();
    const running = work();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }
}

/** Without what is our own. */
function toPending(approval: Approval): PendingApproval {
  const { callKey: _key, announced: _announced, ...pending } = approval;
  return pending;
}
