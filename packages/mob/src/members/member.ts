import { isMobError, MobError } from '@mobkit/core';
import {
  type AgentTool,
  formatIncarnation,
  type MemberDetails,
  type MemberSnapshot,
  type MemberStatus,
  type Profile,
} from '@mobkit/core/mob';

import type { MobContext } from '../engine/mob-context.js';
import type { RosterMember } from '../ledger/roster.js';
import { toSnapshot } from '../ledger/to-snapshot.js';
import { cancelWaiting } from './cancel-waiting.js';
import { effectiveProfile } from './effective-profile.js';
import { endInteractions } from './end-interactions.js';
import { settleInputs } from './gated-turns.js';
import { Inbox } from './inbox.js';
import type { Input } from './input.js';
import type { RequestedTurn, TurnRequest } from './requested-turn.js';
import { RequestedTurns } from './requested-turns.js';
import type { Session } from './session.js';
import { toDetails } from './to-details.js';
import { Worker } from './worker.js';

export interface MemberDeps {
  readonly context: MobContext;
  readonly commsTools: readonly AgentTool[];
  /** For members that may make mobs. */
  readonly mobTools: readonly AgentTool[];
  /** Of this member alone. */
  readonly tools: readonly AgentTool[];
  /** Whether the mob lets its members work. */
  readonly mayWork: () => boolean;
}

/** One incarnation in this process: its place in the roster, its messages and what works on them. */
export class Member {
  readonly entry: RosterMember;
  readonly inbox: Inbox;
  /** Absent when it could not be restored. */
  readonly session: Session | undefined;
  readonly tools: readonly AgentTool[];
  readonly #context: MobContext;
  readonly #worker: Worker | undefined;
  readonly #requested: RequestedTurns;
  #retiring = false;
  /** Why it goes. */
  #leaving = 'The member is gone';
  #error: string | undefined;
  #failure: string | undefined;
  /** Why its last run failed. */
  #lastError: string | undefined;

  /** @param session - The error when it cannot be restored: the member is broken then, and its messages only wait. */
  constructor(
    { context, commsTools, mobTools, tools, mayWork }: MemberDeps,
    entry: RosterMember,
    session: Session | MobError,
  ) {
    const { storage, activity, mobId, onError, changes } = context;
    this.#context = context;
    this.entry = entry;
    this.tools = tools;
    this.#requested = new RequestedTurns(entry.sessionId);
    const peersWait = entry.runtimeMode === 'turn_driven';
    this.inbox = new Inbox({
      storage,
      activity,
      mobId,
      incarnation: entry,
      peersWait,
      onClose: () => this.#requested.cancelAll(this.#error ?? 'The member stopped before the turn was over'),
    });
    const onBroken = (error: string) => {
      this.#error = error;
      this.inbox.close();
      onError({ category: 'member_broken', memberId: formatIncarnation(entry), error });
      changes.tell();
    };
    if (session instanceof Error) {
      onBroken(session.message);
      return;
    }
    this.session = session;
    this.#worker = new Worker({
      context,
      entry,
      session,
      inbox: this.inbox,
      commsTools,
      mobTools,
      ownTools: tools,
      mayWork,
      onEnded: (inputId, end) => {
        this.#lastError = end.type === 'run_failed' ? end.error : undefined;
        this.#requested.settle(inputId, end);
      },
      onBroken: (error) => {
        this.#failure = error;
        onBroken(error);
      },
    });
  }

  /** Why it broke in this process; undefined when it did not, or was broken before. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Why it is broken; undefined while it is not. */
  get error(): string | undefined {
    return this.#error;
  }

  get status(): MemberStatus {
    if (this.#retiring) return 'retiring';
    return this.#error === undefined ? 'active' : 'broken';
  }

  /** Whether a run of it was cut short since it last began to work. */
  get interrupted(): boolean {
    return this.#worker?.interrupted ?? false;
  }

  /** The profile that counts for it. */
  get profile(): Profile | undefined {
    return effectiveProfile(this.#context.definition, this.entry.role, this.session?.record);
  }

  /** The messages that its run is about; none while there is no run. */
  get reading(): readonly Input[] {
    return this.#worker?.reading ?? [];
  }

  /** @throws MobError `MOB_MEMBER_BROKEN` when it is broken. */
  expectWhole(): void {
    if (this.#error === undefined) return;
    const { identity } = this.entry;
    const message = `"${identity}" is broken, reset it or spawn it again: ${this.#error}`;
    throw new MobError('MOB_MEMBER_BROKEN', message, { details: { identity } });
  }

  details(): MemberDetails {
    return toDetails(this.snapshot(), {
      profile: this.profile,
      session: this.session,
      running: this.#worker?.running ?? false,
      waiting: this.inbox.waiting,
      lastError: this.#lastError,
    });
  }

  snapshot(): MemberSnapshot {
    return toSnapshot(this.entry, { status: this.status, error: this.#error });
  }

  /** Call when there may be something to do. */
  wake(): void {
    if (this.status === 'active') this.#worker?.wake();
  }

  /**
   * Keeps a turn behind what waits already and lets the member work; what waited for a turn of a turn-driven one comes along.
   *
   * @throws MobError `MOB_MEMBER_BROKEN`; `MOB_MEMBER_NOT_FOUND` when it is being retired; as `Inbox.accept`.
   */
  async requestTurn(request: TurnRequest): Promise<RequestedTurn> {
    const { ledger, newId, clock, stepDown } = this.#context;
    if (ledger.inDoubt) await ledger.settle();
    this.expectWhole();
    const { identity, generation } = this.entry;
    if (this.#retiring) throw new MobError('MOB_MEMBER_NOT_FOUND', `"${identity}" is being retired`);
    const id = newId();
    const ended = this.#requested.expect(id);
    try {
      await this.inbox.accept({ id, kind: 'internal', generation, ...request, acceptedAtMs: clock.now() });
    } catch (error) {
      this.#requested.forget(id);
      if (isMobError(error, 'MOB_CONFLICT')) stepDown(error);
      throw error;
    }
    this.wake();
    return { ended, cancel: (reason) => this.#cancelTurn(id, reason) };
  }

  /** Ends the run it is in at its next boundary; does nothing when there is none. */
  cancelTurn(): void {
    this.#worker?.cancelAtBoundary();
  }

  /** Removes what waits for it and ends its run at its next boundary. @throws what the storage throws. */
  async cancelAllWork(): Promise<void> {
    const reason = 'All its work was cancelled';
    const cancelled = await cancelWaiting(this.#context, this.entry.identity, this.inbox);
    endInteractions(this.#context.feed, this.entry, cancelled, reason);
    await settleInputs(this.#context, cancelled);
    for (const { id } of cancelled) this.#requested.cancel(id, reason);
    // Last: with a run over, the next of those that wait would begin.
    this.cancelTurn();
  }

  #cancelTurn(inputId: string, reason: string): void {
    if (this.#worker?.cancel(inputId, reason)) return;
    void this.inbox.takeBack(inputId).then((taken) => taken && this.#requested.cancel(inputId, reason));
  }

  /** Begins no other run; resolves when the one under way has ended and nothing is being kept any more. */
  async drain(): Promise<void> {
    await this.#worker?.drain();
    await this.inbox.settled();
  }

  /** Ends the run under way now, and begins no other. */
  async interrupt(reason: string): Promise<void> {
    await this.#worker?.stop(reason);
  }

  /** Ends the run under way and begins no other until `resume`. Resolves when nothing is being kept any more. */
  async pause(reason: string): Promise<void> {
    await this.interrupt(reason);
    await this.inbox.settled();
  }

  resume(): void {
    if (this.status === 'active') this.#worker?.resume();
  }

  /** Takes no more messages and stops, until `cancelRetiring`. Resolves when it has stopped. */
  async retire(reason = 'The member was retired'): Promise<void> {
    this.#retiring = true;
    this.#leaving = reason;
    await this.pause(reason);
  }

  /** Gone for good: nobody is going to read what waits. */
  leave(): void {
    void settleInputs(this.#context, this.inbox.inputs);
    endInteractions(this.#context.feed, this.entry, this.inbox.inputs, this.#leaving);
    this.inbox.close();
  }

  cancelRetiring(): void {
    this.#retiring = false;
    this.resume();
  }
}
