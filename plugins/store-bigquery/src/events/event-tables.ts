import { createHash } from 'node:crypto';

import { MobError, type PersistedEvent } from '@mobkit/core';

import type { BigQueryClient } from '../client/bigquery-client.js';
import { fitsRequest, insertAll } from '../client/insert-all.js';
import { load } from '../client/load.js';
import type { TableName } from '../client/names.js';
import { int64, text } from '../client/parameters.js';
import { prepareTable } from '../client/prepare-table.js';
import { type DayRange, encodeDays, isoDay, withEvents } from './days.js';
import type { EventHead } from './event-head.js';
import { eventTableShape, toRow, writtenAt } from './event-row.js';
import { type Change, encodeFences, HeadTable, SERVER_NOW } from './head-table.js';
import type { ParsedEventOptions, WriteMode } from './options.js';
import { type PlacedEvent, placeEvents } from './place-events.js';
import { daysCondition } from './windows.js';

/** From so many on, `auto` loads. */
const LOAD_EVENTS = 5_000;
const LOAD_BYTES = 5_000_000;

/** The two tables of a log: rows of events, and the head that says which of them count. */
export class EventTables {
  readonly client: BigQueryClient;
  readonly events: TableName;
  readonly head: HeadTable;
  readonly retentionDays: number | undefined;
  readonly readOnly: boolean;
  readonly #mode: WriteMode;
  #madeAt = '';

  constructor(
    client: BigQueryClient,
    { table, mode, retentionDays, readOnly }: Omit<ParsedEventOptions, 'connection' | 'signal'>,
  ) {
    this.client = client;
    this.events = client.table(table);
    this.retentionDays = retentionDays;
    this.readOnly = readOnly;
    this.head = new HeadTable(client, client.table(`${table}_head`), { retentionDays, readOnly });
    this.#mode = mode;
  }

  /** @throws MobError `MOB_STORE_REFUSED`. */
  expectWritable(): void {
    if (!this.readOnly) return;
    throw new MobError('MOB_STORE_REFUSED', `${this.events.sql} is open to be read only`);
  }

  /** Makes what is missing, unless nothing is to be made. */
  async prepare(): Promise<void> {
    if (this.readOnly) return;
    this.#madeAt = await prepareTable(this.client, this.events, eventTableShape(this.retentionDays));
    await this.head.prepare();
  }

  /**
   * Writes events that follow the head's last under a fence, and moves the head behind them once all can be read: whoever reads
   * sees all of them or none. Answers the head then, and undefined when it was not as expected: somebody else writes, too.
   *
   * @param lease - Keeps the lease for so long as well.
   * @throws MobError `MOB_STORE_UNAVAILABLE` when they cannot be read in time, and whatever writing throws; rows may be there
   * then, which count only when events of the same number and fence are written again.
   */
  async append(
    head: EventHead,
    events: readonly PersistedEvent[],
    lease?: { readonly leaseMs: number },
  ): Promise<EventHead | undefined> {
    const { fence } = head;
    const nowMs = this.client.clock.now();
    const placed = placeEvents(events, head.days.at(-1), { nowMs, retentionDays: this.retentionDays });
    await this.#write(placed, fence, nowMs);
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last) return head;
    const next = movedHead(head, placed, first.seq, last.seq);
    const { sql, parameters } = daysCondition(daysOf(placed));
    const changes: Record<string, Change> = {
      first_seq: int64(next.firstSeq),
      last_seq: int64(next.lastSeq),
      days: text(encodeDays(next.days)),
      ...(fence > 0 && { fences: encodeFences(next.fences) }),
      ...(lease && { lease_until_ms: `${SERVER_NOW} + ${lease.leaseMs}` }),
    };
    const where =
      'fence = @fence AND last_seq = @expected AND ' +
      `(SELECT COUNT(DISTINCT seq) FROM ${this.events.sql} WHERE ${sql} ` +
      'AND seq BETWEEN @from_seq AND @to_seq AND fence = @fence) = @count';
    const given = {
      ...parameters,
      fence: int64(fence),
      expected: int64(head.lastSeq),
      from_seq: int64(first.seq),
      to_seq: int64(last.seq),
      count: int64(events.length),
    };
    const { clock, options } = this.client;
    const deadline = clock.now() + options.timeoutMs;
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
      if (await this.head.change('append events', changes, where, given)) return next;
      const is = await this.head.read();
      if (is.fence !== fence || is.lastSeq !== head.lastSeq) return undefined;
      // What was streamed is sometimes seen a little later.
      if (clock.now() + pauseMs >= deadline) throw notSeen(events.length, options.timeoutMs);
      await this.client.pause('append events', pauseMs);
    }
  }

  async #write(placed: readonly PlacedEvent[], fence: number, nowMs: number): Promise<void> {
    const doing = 'append events';
    const dates = new Map(daysOf(placed).map(({ day }) => [day, isoDay(day)]));
    const rows = placed.map((event) => toRow(event, fence, dates.get(event.day) ?? '', nowMs));
    try {
      if (this.#loads(rows)) {
        const key = this.#keyOf(rows, writtenAt(nowMs));
        return await load(this.client, this.events, rows, { doing, key });
      }
      const stream = rows.map((json, at) => ({ insertId: `${fence}-${placed[at]?.seq}`, json }));
      return await insertAll(this.client, this.events, stream, { doing });
    } catch (error) {
      throw named(error, placed);
    }
  }

  /** Of the events alone, in the table as it was made: one of the same name later has jobs of its own. */
  #keyOf(rows: readonly string[], end: string): string {
    const hash = createHash('sha256').update(this.#madeAt);
    for (const row of rows) hash.update(row.slice(0, -end.length)).update('\n');
    return hash.digest('hex');
  }

  #loads(rows: readonly string[]): boolean {
    if (this.#mode === 'load') return true;
    // What no request holds would never be streamed.
    if (!rows.every(fitsRequest)) return true;
    if (this.#mode === 'stream') return false;
    return rows.length > LOAD_EVENTS || rows.reduce((sum, row) => sum + row.length, 0) > LOAD_BYTES;
  }
}

function movedHead(
  head: EventHead,
  placed: readonly PlacedEvent[],
  firstSeq: number,
  lastSeq: number,
): EventHead {
  const days = withEvents(head.days, placed);
  const known = head.fence === 0 || head.fences.at(-1)?.fence === head.fence;
  const fences = known ? head.fences : [...head.fences, { fence: head.fence, firstSeq }];
  return { ...head, firstSeq: head.lastSeq === 0 ? firstSeq : head.firstSeq, lastSeq, days, fences };
}

/** The partitions, which follow each other. */
function daysOf(placed: readonly PlacedEvent[]): Pick<DayRange, 'day'>[] {
  return placed.filter(({ day }, at) => day !== placed[at - 1]?.day).map(({ day }) => ({ day }));
}

/** Says which event it was: a row's number means nothing to a caller. */
function named(error: unknown, placed: readonly PlacedEvent[]): unknown {
  if (!(error instanceof MobError) || typeof error.details['row'] !== 'number') return error;
  const { row, ...details } = error.details;
  const event = placed[row];
  return new MobError(error.code, `${error.message} (event "${event?.id}")`, {
    retryable: error.retryable,
    details: { ...details, id: event?.id, seq: event?.seq },
  });
}

function notSeen(events: number, timeoutMs: number): MobError {
  const message = `BigQuery took ${events} events, and does not show them within ${timeoutMs} ms; append them again`;
  return new MobError('MOB_STORE_UNAVAILABLE', message, { retryable: true });
}
