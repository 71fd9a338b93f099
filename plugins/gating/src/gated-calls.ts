import { isMobError } from '@mobkit/core';
import type { GatedCall, ToolVerdict } from '@mobkit/core/mob';

import type { Approval, Approvals } from './approvals.js';
import type { Asking } from './asking.js';
import { checkRequest } from './check-request.js';
import type { Deciding } from './deciding.js';
import { pendingIdOf } from './new-ids.js';
import type { Wakes } from './wakes.js';

/** How calls of tools are asked about. */
export interface CallSettings {
  /** Who is told, and how. @defaultValue nobody: whoever decides looks at what is pending */
  readonly notify?: { readonly recipient: string; readonly channel: string };
  /** How long a call waits, in whole milliseconds. @defaultValue 3_600_000 */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 3_600_000;

/** Of the JSON of a call: more nobody reads who is to allow it. */
const LARGEST_ARGS = 65_536;

/** As memory names things. */
const LONGEST_NAME = 190;
const NOT_IN_NAMES = /[\p{Cc}\p{Surrogate}]/u;

export interface GatedCallsDeps {
  readonly approvals: Approvals;
  readonly asking: Asking;
  readonly deciding: Deciding;
  readonly wakes: Wakes;
  readonly settings: CallSettings;
}

/** Calls of tools that wait for somebody. */
export class GatedCalls {
  readonly #deps: GatedCallsDeps;

  constructor(deps: GatedCallsDeps) {
    this.#deps = deps;
  }

  /** As `ToolGate.admitCall`. */
  async admit(call: GatedCall, signal: AbortSignal): Promise<ToolVerdict> {
    const pendingId = pendingIdOf(call.callKey);
    const { approvals, wakes } = this.#deps;
    for (let asked = false; ; asked = true) {
      signal.throwIfAborted();
      // Before looking, so that no news is lost between the two.
      const looked = new AbortController();
      const news = wakes.next(pendingId, AbortSignal.any([signal, looked.signal]));
      try {
        const kept = await approvals.get(pendingId);
        if (kept?.approval.verdict) return toVerdict(kept.approval);
        if (kept) await news;
        else if (asked) return denied('The approval it waited for was taken back');
        else {
          const answer = await this.#ask(call, pendingId);
          if (answer) return answer;
        }
      } finally {
        looked.abort();
      }
    }
  }

  /** As `ToolGate.settle`. */
  async settle(callKey: string): Promise<void> {
    const { approvals, deciding } = this.#deps;
    const pendingId = pendingIdOf(callKey);
    for (let kept = await approvals.get(pendingId); kept; kept = await approvals.get(pendingId)) {
      try {
        if (!kept.approval.verdict) await deciding.withdraw(kept);
        else await approvals.remove(kept);
        return;
      } catch (error) {
        if (!isMobError(error, 'MOB_CONFLICT')) throw error;
      }
    }
  }

  /** Undefined when somebody has to decide. */
  async #ask(call: GatedCall, pendingId: string): Promise<ToolVerdict | undefined> {
    const { asking, settings } = this.#deps;
    const { callKey, identity, tool, args, tier } = call;
    const text = JSON.stringify(args) ?? 'null';
    if (text.length > LARGEST_ARGS) {
      return denied(
        `Nobody can be asked about arguments of ${text.length} characters, at most ${LARGEST_ARGS}`,
      );
    }
    const { notify, timeoutMs = TIMEOUT_MS } = settings;
    const request = checkRequest({
      action: tool,
      actorId: identity,
      riskTier: tier,
      approvalTimeoutMs: timeoutMs,
      ...(notify && { approvalRecipient: notify.recipient, approvalChannel: notify.channel }),
      ...referenceOf(args),
    });
    try {
      const question = { callKey, pendingId, call: { tool, args } };
      const { outcome, fallbackReason } = await asking.evaluate(request, question);
      if (outcome === 'pending_approval') return undefined;
      return outcome === 'safe_draft'
        ? denied(REASONS[fallbackReason ?? 'memory_conflict'])
        : { allowed: true };
    } catch (error) {
      // Asked at the same moment by somebody else.
      if (isMobError(error, 'MOB_CONFLICT')) return undefined;
      throw error;
    }
  }
}

const REASONS = {
  memory_conflict: 'What is known about this contradicts itself: resolve the conflict first',
  memory_conflict_context_missing: 'Facts contradict each other, and nothing says what this is about',
  memory_conflict_lookup_failed: 'Whether what is known about this contradicts itself could not be found out',
} as const;

/** What a call is about, if its arguments say so in the words of memory. */
function referenceOf(args: unknown): { readonly entity?: string; readonly topic?: string } {
  if (typeof args !== 'object' || args === null) return {};
  const { entity, topic } = args as Readonly<Record<string, unknown>>;
  return { ...(isName(entity) && { entity }), ...(isName(topic) && { topic }) };
}

/** Of one that is none, as of a whole text, no memory can hold facts; asked about it, one could only fail. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && value.trim().length <= LONGEST_NAME && !NOT_IN_NAMES.test(value.trim());
}

function toVerdict({ verdict }: Approval): ToolVerdict {
  return verdict?.allowed ? { allowed: true } : denied(verdict?.reason ?? '');
}

function denied(reason: string): ToolVerdict {
  return { allowed: false, reason };
}
