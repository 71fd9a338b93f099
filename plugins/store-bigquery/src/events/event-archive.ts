import {
  checkArchivedEvents,
  type EventArchive,
  type EventArchiveQuery,
  type EventPage,
  eventsAfter,
  type LogBounds,
  MobError,
  type PersistedEvent,
} from '@mobkit/core';

import { compactEvents } from './compact-events.js';
import { boundsOf, type EventHead } from './event-head.js';
import type { EventTables } from './event-tables.js';
import { checkedQuery, estimatePage, readPage } from './read-events.js';

/** An archive of another log's events in BigQuery. */
export interface BigQueryEventArchive extends EventArchive {
  /**
   * Removes rows of events that were written twice, in partitions that nobody has written to for two hours, and returns how
   * many went. What can be read stays the same. An aborted `signal` ends it after the partition it is at.
   */
  compact(signal?: AbortSignal): Promise<number>;

  /** What a query would have to read before it finds anything, in bytes; asked of the server, for nothing. */
  estimateBytes(query: EventArchiveQuery): Promise<number>;
}

/** Any number of processes may put: events of one number are the same whoever puts them. */
export class TableEventArchive implements BigQueryEventArchive {
  readonly supports = { durable: true };
  readonly #tables: EventTables;
  /** As it was seen last: whether that is still so is found when it is to change. */
  #head: EventHead | undefined;
  /** One after the other, in the order of the calls. */
  #putting: Promise<unknown> = Promise.resolve();

  constructor(tables: EventTables) {
    this.#tables = tables;
  }

  put(events: readonly PersistedEvent[]): Promise<void> {
    const put = this.#putting.then(() => this.#put(events));
    this.#putting = put.catch(() => {});
    return put;
  }

  async bounds(): Promise<LogBounds> {
    return boundsOf(await this.#tables.head.read());
  }

  async query({ beforeSeq, ...query }: EventArchiveQuery): Promise<EventPage> {
    const checked = checkedQuery(query, beforeSeq);
    return readPage(this.#tables, await this.#tables.head.read(), checked);
  }

  async estimateBytes({ beforeSeq, ...query }: EventArchiveQuery): Promise<number> {
    const checked = checkedQuery(query, beforeSeq);
    return estimatePage(this.#tables, await this.#tables.head.read(), checked);
  }

  async compact(signal?: AbortSignal): Promise<number> {
    return compactEvents(this.#tables, signal);
  }

  async #put(events: readonly PersistedEvent[]): Promise<void> {
    checkArchivedEvents(events);
    this.#tables.expectWritable();
    const [given] = events;
    if (!given) return;
    const seen = this.#head;
    const head = seen ?? (await this.#tables.head.read());
    this.#head = undefined;
    // What was seen may be what another has moved on.
    if (seen && given.seq > seen.lastSeq + 1) return this.#put(events);
    const fresh = eventsAfter(events, head.lastSeq);
    if (fresh.length === 0) return void (this.#head = head);
    // What is written is numbered already, and the same whoever writes it: no fence.
    const moved = await this.#tables.append({ ...head, fence: 0 }, fresh);
    if (moved) return void (this.#head = moved);
    const { lastSeq } = await this.#tables.head.read();
    const last = fresh.at(-1)?.seq ?? 0;
    if (lastSeq < last) throw overtaken(head.lastSeq, lastSeq);
  }
}

function overtaken(expected: number, lastSeq: number): MobError {
  const message = `Somebody else put events into the archive: it ended at ${expected}, and now does at ${lastSeq}`;
  return new MobError('MOB_CONFLICT', message, { details: { lastSeq } });
}
