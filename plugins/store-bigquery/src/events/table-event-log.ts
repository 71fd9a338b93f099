import {
  type AppendResult,
  type EventLogStore,
  type EventPage,
  type EventQuery,
  isMobError,
  MobError,
  type NewEvent,
  type PersistedEvent,
} from '@mobkit/core';

import { int64, texts } from '../client/parameters.js';
import { query as runQuery } from '../client/query.js';
import { type EventHead, withoutExpired } from './event-head.js';
import { checkEvents } from './event-row.js';
import type { EventTables } from './event-tables.js';
import type { Lease } from './lease.js';
import { RecentIds } from './recent-ids.js';
import { checkedQuery, estimatePage, readPage } from './read-events.js';
import { conditionOf, nextWindow } from './windows.js';

/** Appends that wait are written together, up to so many events; a batch of more is written as it is. */
const JOINED_EVENTS = 5_000;

/** An event log in BigQuery. It has no `prune`: partitions expire. */
export interface BigQueryEventLog extends EventLogStore {
  /** What a query would have to read before it finds anything, in bytes; asked of the server, for nothing. */
  estimateBytes(query: EventQuery): Promise<number>;
}

interface Waiting {
  readonly events: readonly NewEvent[];
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Numbers events and appends them while it has the lease; without one it only reads. */
export class TableEventLog implements BigQueryEventLog {
  readonly supports = { durable: true, cursor: 'settled' } as const;
  readonly #tables: EventTables;
  readonly #lease: Lease | undefined;
  /** As nobody but this process changes it; undefined after a failure, when nobody knows. */
  #head: EventHead | undefined;
  readonly #recent = new RecentIds();
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  constructor(tables: EventTables, held?: { readonly lease: Lease; readonly head: EventHead }) {
    this.#tables = tables;
    this.#lease = held?.lease;
    this.#head = held?.head;
    this.#recent.reset(held?.head.lastSeq ?? 0);
  }

  async appendBatch(events: readonly NewEvent[]): Promise<AppendResult> {
    if (!this.#lease) throw new MobError('MOB_STORE_REFUSED', 'This event log was opened to be read only');
    checkEvents(events);
    const result = new Promise<AppendResult>((resolve, reject) => {
      this.#waiting.push({ events, resolve, reject });
    });
    this.#running ??= this.#run(this.#lease);
    return result;
  }

  async query(query: EventQuery): Promise<EventPage> {
    const checked = checkedQuery(query);
    return readPage(this.#tables, await this.#current(), checked);
  }

  async estimateBytes(query: EventQuery): Promise<number> {
    const checked = checkedQuery(query);
    return estimatePage(this.#tables, await this.#current(), checked);
  }

  /** Resolves once nothing waits to be appended. */
  async drained(): Promise<void> {
    await this.#running;
  }

  /** Whoever writes knows where the log ends, as long as it may. */
  async #current(): Promise<EventHead> {
    if (!this.#head) return this.#tables.head.read();
    return withoutExpired(this.#head, this.#tables.client.clock.now(), this.#tables.retentionDays);
  }

  async #run(lease: Lease): Promise<void> {
    // What is appended in the same turn goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(lease, this.#take());
    this.#running = undefined;
  }

  #take(): Waiting[] {
    let events = 0;
    let count = 0;
    for (const waiting of this.#waiting) {
      events += waiting.events.length;
      if (count > 0 && events > JOINED_EVENTS) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #settle(lease: Lease, joined: readonly Waiting[]): Promise<void> {
    try {
      const results = await this.#append(
        lease,
        joined.map(({ events }) => events),
      );
      for (const [at, { resolve }] of joined.entries()) resolve(results[at]!);
    } catch (error) {
      const data = isMobError(error) && error.details['reason'] === 'data';
      // Somebody else's event is not to blame.
      if (data && joined.length > 1) for (const one of joined) await this.#settle(lease, [one]);
      else for (const { reject } of joined) reject(error);
    }
  }

  async #append(lease: Lease, batches: readonly (readonly NewEvent[])[]): Promise<AppendResult[]> {
    lease.expectHeld();
    const head = await this.#whereToGoOn(lease);
    const kept = await this.#kept(head, batches.flat());
    const fresh: PersistedEvent[] = [];
    let lastSeq = head.lastSeq;
    const results = batches.map((events) => {
      const duplicates: string[] = [];
      for (const event of events) {
        if (kept.has(event.id)) {
          duplicates.push(event.id);
          continue;
        }
        kept.add(event.id);
        fresh.push({ ...event, seq: ++lastSeq });
      }
      return { stored: events.length - duplicates.length, duplicates, lastSeq };
    });
    this.#head = undefined;
    const moved = fresh.length === 0 ? head : await this.#tables.append(head, fresh, lease);
    if (!moved) throw lease.lose(await this.#tables.head.read());
    this.#head = moved;
    this.#recent.add(fresh);
    return results;
  }

  async #whereToGoOn(lease: Lease): Promise<EventHead> {
    if (!this.#head) {
      this.#head = await lease.renumber();
      this.#recent.reset(this.#head.lastSeq);
    }
    return this.#current();
  }

  /** Which of the ids are kept already, with the times of these events: the same event has the same. */
  async #kept(head: EventHead, events: readonly NewEvent[]): Promise<Set<string>> {
    const kept = new Set(events.map(({ id }) => id).filter((id) => this.#recent.has(id)));
    const lastAsked = this.#recent.fromSeq - 1;
    const asked = events.filter(({ id }) => !kept.has(id));
    if (asked.length === 0 || lastAsked < head.firstSeq) return kept;
    let [sinceMs, lastMs] = [Infinity, -Infinity];
    for (const { timestampMs } of asked) {
      sinceMs = Math.min(sinceMs, timestampMs);
      lastMs = Math.max(lastMs, timestampMs);
    }
    const ids = texts(asked.map(({ id }) => id));
    for (let fromSeq = head.firstSeq; fromSeq <= head.lastSeq;) {
      const range = { fromSeq, toSeq: head.lastSeq, sinceMs, untilMs: lastMs + 1 };
      const window = nextWindow(head, range, { partitions: Infinity, newest: false });
      if (!window) break;
      const { sql, parameters } = conditionOf(window);
      const rows = await runQuery(
        this.#tables.client,
        `SELECT DISTINCT id FROM ${this.#tables.events.sql} WHERE ${sql} ` +
          'AND timestamp_ms BETWEEN @since_ms AND @last_ms AND id IN UNNEST(@ids)',
        {
          doing: 'find events that are kept',
          parameters: { ...parameters, since_ms: int64(sinceMs), last_ms: int64(lastMs), ids },
          unlimited: true,
        },
      );
      for (const { id } of rows) if (id !== null && id !== undefined) kept.add(id);
      fromSeq = window.toSeq + 1;
    }
    return kept;
  }
}
