import { randomUUID } from 'node:crypto';

import { type Clock, MobError } from '@mobkit/core';
import type { AgentEventEnvelope } from '@mobkit/core/mob';
import type { ModuleEventListener } from '@mobkit/core/ops';

import type { Admission } from './admission.js';
import type { StructuralEvent } from './structural-event.js';

/** Beyond it the oldest of a member, or of all, fails. */
const MOST_OF_A_MEMBER = 256;
const MOST = 4096;

/** What somebody outside wants of a member. */
export interface InteractionRequest {
  readonly identity: string;
  /** Give it to `sendMessage`: the turn carries it, and so do all its events. @defaultValue a new one */
  readonly interactionId?: string;
  /** Who asks, e.g. `console`. */
  readonly origin: string;
  /** What is asked, JSON-serialisable. */
  readonly content: unknown;
}

/** How an interaction ended. */
export type InteractionOutcome =
  | { readonly status: 'complete'; readonly result: string }
  /** `queue_overflow`, `lifecycle_mutation` (the member was retired or reset), `runtime_shutdown`, or what went wrong. */
  | { readonly status: 'failed'; readonly reason: string };

/** An interaction that was given its id before anything of it can be seen. */
export interface ReservedInteraction {
  readonly identity: string;
  readonly interactionId: string;
  /** Resolves when it ended, however. Never rejects. */
  readonly ended: Promise<InteractionOutcome>;
}

/**
 * Interactions that were begun and have not ended. One ends when the member says so, by the id that its turn carries, never by
 * the order of turns; or by `complete` and `fail`; or with the runtime. They are not kept over a restart.
 */
export interface Interactions {
  /**
   * Begins one: call it before the message is sent. Told in the timeline as `interaction_started`.
   *
   * @throws MobError `MOB_CONFLICT` for an id that has not ended yet, `MOB_SHUTTING_DOWN` from the call of `shutdown` on, `MOB_LEASE_LOST`; TypeError for a blank name.
   */
  reserve(request: InteractionRequest): ReservedInteraction;
  /** Ends one that no member ends. False when there is none of that id. */
  complete(interactionId: string, result: string): boolean;
  fail(interactionId: string, reason: string): boolean;
  /** Those that have not ended, oldest first. */
  pending(identity?: string): readonly ReservedInteraction[];
}

export interface InteractionsDeps {
  readonly mobId: string;
  readonly clock: Clock;
  readonly admission: Pick<Admission, 'expect'>;
  readonly tell: ModuleEventListener;
}

interface Pending {
  readonly reserved: ReservedInteraction;
  readonly end: (outcome: InteractionOutcome) => void;
  readonly sinceMs: number;
}

export class PendingInteractions implements Interactions {
  readonly #deps: InteractionsDeps;
  /** By id, oldest first. */
  readonly #pending = new Map<string, Pending>();

  constructor(deps: InteractionsDeps) {
    this.#deps = deps;
  }

  reserve({
    identity,
    interactionId = randomUUID(),
    origin,
    content,
  }: InteractionRequest): ReservedInteraction {
    this.#deps.admission.expect('begin an interaction');
    if (identity.trim() === '') throw new TypeError('identity is blank');
    if (interactionId.trim() === '') throw new TypeError('interactionId is blank');
    if (this.#pending.has(interactionId)) {
      const message = `Interaction "${interactionId}" has not ended`;
      throw new MobError('MOB_CONFLICT', message, { details: { interactionId } });
    }
    this.#makeRoom(identity);
    let end: Pending['end'] = () => {};
    const ended = new Promise<InteractionOutcome>((resolve) => (end = resolve));
    const reserved = { identity, interactionId, ended };
    this.#pending.set(interactionId, { reserved, end, sinceMs: this.#deps.clock.now() });
    this.#tell(reserved, 'interaction_started', { origin, content });
    return reserved;
  }

  complete(interactionId: string, result: string): boolean {
    return this.#end(interactionId, { status: 'complete', result }, true);
  }

  fail(interactionId: string, reason: string): boolean {
    return this.#end(interactionId, { status: 'failed', reason }, true);
  }

  pending(identity?: string): readonly ReservedInteraction[] {
    const all = [...this.#pending.values()].map(({ reserved }) => reserved);
    return identity === undefined ? all : all.filter((one) => one.identity === identity);
  }

  /** What a member says of an interaction ends it. It is told already: by the member. */
  onAgentEvent({ mobId, source, payload }: AgentEventEnvelope): void {
    if (payload.type !== 'interaction_complete' && payload.type !== 'interaction_failed') return;
    const { interaction_id: id } = payload;
    if (mobId !== this.#deps.mobId || this.#pending.get(id)?.reserved.identity !== source.identity) return;
    if (payload.type === 'interaction_complete') {
      this.#end(id, { status: 'complete', result: payload.result }, false);
    } else this.#end(id, { status: 'failed', reason: payload.error }, false);
  }

  /** A member that was retired or reset has no turn left that could end one, of those begun before it was. */
  onStructuralEvent({ mobId, kind, agentIdentity, timestampMs }: StructuralEvent): void {
    if (mobId !== this.#deps.mobId || agentIdentity === undefined) return;
    if (kind !== 'member_retired' && kind !== 'member_reset') return;
    for (const { interactionId } of this.pending(agentIdentity)) {
      // The ledger may be heard late, or again after a crash: what was begun since is of its next life.
      const { sinceMs = 0 } = this.#pending.get(interactionId) ?? {};
      if (sinceMs <= timestampMs) this.fail(interactionId, 'lifecycle_mutation');
    }
  }

  /** Fails those that are left; nobody is admitted any more by then. */
  close(): void {
    for (const id of this.#pending.keys()) this.fail(id, 'runtime_shutdown');
  }

  #makeRoom(identity: string): void {
    const ofMember = this.pending(identity);
    const [oldest] = ofMember.length >= MOST_OF_A_MEMBER ? ofMember : this.pending();
    if (!oldest || (ofMember.length < MOST_OF_A_MEMBER && this.#pending.size < MOST)) return;
    this.fail(oldest.interactionId, 'queue_overflow');
  }

  #end(interactionId: string, outcome: InteractionOutcome, told: boolean): boolean {
    const pending = this.#pending.get(interactionId);
    if (!pending) return false;
    this.#pending.delete(interactionId);
    pending.end(outcome);
    const { status, ...rest } = outcome;
    if (told)
      this.#tell(
        pending.reserved,
        status === 'complete' ? 'interaction_complete' : 'interaction_failed',
        rest,
      );
    return true;
  }

  #tell({ identity, interactionId }: ReservedInteraction, eventType: string, more: object): void {
    this.#deps.tell({
      eventId: `evt-runtime-${randomUUID()}`,
      timestampMs: this.#deps.clock.now(),
      event: {
        kind: 'module',
        module: 'runtime',
        eventType,
        payload: { interaction_id: interactionId, identity, ...more },
      },
    });
  }
}
