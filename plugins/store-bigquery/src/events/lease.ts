import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import { isMobError, MobError } from '@mobkit/core';

import { text } from '../client/parameters.js';
import type { EventHead } from './event-head.js';
import type { EventTables } from './event-tables.js';
import { SERVER_NOW } from './head-table.js';

/** The right to write events and number them, which one process has at a time. */
export class Lease {
  /** Shown to whoever is refused. */
  readonly owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  readonly #tables: EventTables;
  readonly #leaseMs: number;
  readonly #onLost: (error: MobError) => void;
  #lost: MobError | undefined;
  #cancel = () => {};
  #renewing: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(tables: EventTables, leaseMs: number, onLost: (error: MobError) => void) {
    this.#tables = tables;
    this.#leaseMs = leaseMs;
    this.#onLost = onLost;
  }

  get leaseMs(): number {
    return this.#leaseMs;
  }

  /** @throws MobError `MOB_LEASE_HELD`, retryable, with `details.owner` while another has it. */
  async acquire(): Promise<EventHead> {
    const taken = await this.#change(
      'take the lease of events',
      { fence: 'fence + 1' },
      `lease_until_ms < ${SERVER_NOW}`,
    );
    const head = await this.#tables.head.read();
    if (!taken || head.owner !== this.owner) throw held(head);
    this.#renewLater();
    return head;
  }

  /**
   * Begins anew after a write of which nobody knows what became: what it left behind counts no more, unless it was whole.
   *
   * @throws MobError `MOB_LEASE_LOST` when another has the lease by now.
   */
  async renumber(): Promise<EventHead> {
    this.expectHeld();
    const kept = await this.#change('go on writing events', { fence: 'fence + 1' }, 'owner = @owner');
    const head = await this.#tables.head.read();
    if (!kept) throw this.lose(head);
    return head;
  }

  /** @throws MobError `MOB_LEASE_LOST`, from when it was noticed on. */
  expectHeld(): void {
    if (this.#lost) throw this.#lost;
  }

  /** Notes that another has it. */
  lose(head: EventHead): MobError {
    if (!this.#lost) {
      this.#lost = lost(head);
      this.#cancel();
      this.#onLost(this.#lost);
    }
    return this.#lost;
  }

  /** Gives it back, so that the next need not wait for its end. Never rejects. */
  async release(): Promise<void> {
    this.#ended = true;
    this.#cancel();
    await this.#renewing;
    if (this.#lost) return;
    const changes = { owner: 'NULL', lease_until_ms: '0' };
    await this.#tables.head
      .change('give the lease of events back', changes, 'owner = @owner', { owner: text(this.owner) })
      .catch(() => {});
  }

  #renewLater(): void {
    if (this.#ended || this.#lost) return;
    const { clock } = this.#tables.client;
    const renew = () => void (this.#renewing = this.#renew());
    this.#cancel = clock.after(this.#leaseMs / 3, renew, { background: true });
  }

  async #renew(): Promise<void> {
    try {
      if (!(await this.#change('keep the lease of events', {}, 'owner = @owner'))) {
        this.lose(await this.#tables.head.read());
      }
    } catch (error) {
      // Until somebody takes it, it is ours all the same: every write looks.
      if (!isMobError(error))
        this.#onLost(new MobError('MOB_STORE_UNAVAILABLE', String(error), { cause: error }));
    }
    this.#renewLater();
  }

  #change(doing: string, changes: Readonly<Record<string, string>>, where: string): Promise<boolean> {
    const kept = { owner: text(this.owner), lease_until_ms: `${SERVER_NOW} + ${this.#leaseMs}` };
    return this.#tables.head.change(doing, { ...changes, ...kept }, where, { owner: text(this.owner) });
  }
}

function held({ owner, leaseUntilMs, nowMs }: EventHead): MobError {
  const seconds = Math.max(Math.ceil((leaseUntilMs - nowMs) / 1_000), 0);
  const message = `Events are written by ${owner ?? 'another process'}, whose lease ends in ${seconds} s unless it is kept`;
  return new MobError('MOB_LEASE_HELD', message, { retryable: true, details: { owner } });
}

function lost({ owner }: EventHead): MobError {
  const message = `Events are written by ${owner ?? 'another process'} now, and no more by this one`;
  return new MobError('MOB_LEASE_LOST', message, { details: { owner } });
}
