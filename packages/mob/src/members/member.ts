import { MobError } from '@mobkit/core';
import { type AgentTool, formatIncarnation, type MemberSnapshot, type MemberStatus } from '@mobkit/core/mob';

import type { MobContext } from '../engine/mob-context.js';
import type { RosterMember } from '../ledger/roster.js';
import { toSnapshot } from '../ledger/to-snapshot.js';
import { Inbox } from './inbox.js';
import type { Session } from './session.js';
import { Worker } from './worker.js';

export interface MemberDeps {
  readonly context: MobContext;
  readonly commsTools: readonly AgentTool[];
  /** Whether the mob lets its members work. */
  readonly mayWork: () => boolean;
}

/** One incarnation in this process: its place in the roster, its messages and what works on them. */
export class Member {
  readonly entry: RosterMember;
  readonly inbox: Inbox;
  /** Absent when it could not be restored. */
  readonly session: Session | undefined;
  readonly #worker: Worker | undefined;
  #retiring = false;
  #error: string | undefined;
  #failure: string | undefined;

  /** @param session - The error when it cannot be restored: the member is broken then, and its messages only wait. */
  constructor(
    { context, commsTools, mayWork }: MemberDeps,
    entry: RosterMember,
    session: Session | MobError,
  ) {
    const { storage, activity, mobId, onError } = context;
    this.entry = entry;
    const peersWait = entry.runtimeMode === 'turn_driven';
    this.inbox = new Inbox({ storage, activity, mobId, incarnation: entry, peersWait });
    const onBroken = (error: string) => {
      this.#error = error;
      this.inbox.close();
      onError({ category: 'member_broken', memberId: formatIncarnation(entry), error });
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
      mayWork,
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

  /** @throws MobError `MOB_MEMBER_BROKEN` when it is broken. */
  expectWhole(): void {
    if (this.#error === undefined) return;
    const { identity } = this.entry;
    const message = `"${identity}" is broken, retire it and spawn it again: ${this.#error}`;
    throw new MobError('MOB_MEMBER_BROKEN', message, { details: { identity } });
  }

  snapshot(): MemberSnapshot {
    return toSnapshot(this.entry, { status: this.status, error: this.#error });
  }

  /** Call when there may be something to do. */
  wake(): void {
    if (this.status === 'active') this.#worker?.wake();
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

  /** Takes no more messages and stops, until `cancelRetiring`. Resolves when it has stopped. */
  async retire(): Promise<void> {
    this.#retiring = true;
    await this.interrupt('The member was retired');
    await this.inbox.settled();
  }

  cancelRetiring(): void {
    this.#retiring = false;
    if (this.status === 'active') this.#worker?.resume();
  }
}
