import { randomUUID } from 'node:crypto';

import { type Appended, MobError } from '@mobkit/core';
import type { PoolClient } from 'pg';

import type { AppendCall, EncodedAppend } from './append.js';
import type { Connection } from './connection.js';
import {
  CONFLICT,
  NOT_BEHIND,
  NOT_READ_COMMITTED,
  sqlState,
  storeError,
  UNIQUE_VIOLATION,
} from './errors.js';

/** How many appends may be under way at once, on one connection that answers them in the order they were sent. */
const DEPTH = 2;

/** Names of appends are of one process, so that no other's on the same connection of a pooler is taken for one of ours. */
const PROCESS = randomUUID();
let tokens = 0;

interface Waiting {
  readonly append: EncodedAppend;
  readonly plain: boolean;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** What a lane tells whoever made it. */
export interface LaneEvents {
  /** Entries were stored; called before whoever appended them hears of it. */
  stored(): void;
  /** Nothing is left. */
  idle(): void;
}

interface Sent extends Waiting {
  /** Names it, for the one that is sent behind it. */
  readonly token: string;
  readonly answer: Promise<Appended>;
}

/**
 * Brings the appends of one partition through one connection, numbered in the order of the calls. Two are under way at once
 * when both only add; the second is refused by the server unless the first went through before it.
 *
 * An append that fails takes those with it that were called after it and before its failure was told: else its caller, who
 * tries again, would find them numbered before it. A conflict does not, for nobody makes the same call again after that.
 *
 * It has a connection of the pool only while there is something to append.
 */
export class AppendLane {
  readonly #connection: Connection;
  readonly #doing: string;
  readonly #events: LaneEvents;
  readonly #waiting: Waiting[] = [];
  #sent: Sent[] = [];
  /** Where to send; none while there is nothing to send, or something has to come back first. */
  #client: PoolClient | undefined;
  #running = false;
  /** Appends sent since the connection was taken. */
  #sentInTurn = 0;

  constructor(connection: Connection, doing: string, events: LaneEvents) {
    this.#connection = connection;
    this.#doing = doing;
    this.#events = events;
  }

  append(append: EncodedAppend): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, plain: append.isPlain, resolve, reject });
      if (this.#running) this.#send();
      else void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // More than once when more was given while the connection was put back as it was.
    while (this.#waiting.length > 0) {
      let client: PoolClient | undefined;
      let broken = false;
      try {
        client = await this.#connection.pool.connect();
        await this.#sendAll(client);
      } catch (cause) {
        broken = true;
        this.#fail(cause);
      } finally {
        this.#client = undefined;
        client?.release(broken);
      }
    }
    this.#running = false;
    this.#events.idle();
  }

  async #sendAll(client: PoolClient): Promise<void> {
    let isolates = false;
    this.#client = client;
    this.#sentInTurn = 0;
    this.#send();
    for (let first; (first = this.#sent[0]); this.#send()) {
      try {
        const appended = await first.answer;
        this.#sent.shift();
        first.resolve(appended);
        if (appended.stored > 0) this.#events.stored();
      } catch (cause) {
        this.#client = undefined;
        // Those behind it are refused too, by the guard or because the connection is lost.
        await Promise.allSettled(this.#sent.map(({ answer }) => answer));
        if (sqlState(cause) === NOT_READ_COMMITTED && !isolates) {
          await this.#query(client, `set default_transaction_isolation = 'read committed'`);
          isolates = true;
          this.#waiting.unshift(...this.#sent.splice(0));
        } else {
          this.#takeBack(first, cause);
        }
        this.#client = client;
      }
    }
    this.#client = undefined;
    // The connection may be of a pool that others use.
    if (isolates) await this.#query(client, 'reset default_transaction_isolation');
  }

  /** Sends what may be sent. */
  #send(): void {
    for (let next; this.#client && (next = this.#waiting[0]);) {
      // Others wait for a connection: this one goes back as soon as what was sent has returned, and is asked for again.
      if (this.#connection.pool.waitingCount > 0 && this.#sentInTurn >= DEPTH) return;
      const last = this.#sent.at(-1);
      if (last && !(last.plain && next.plain && this.#sent.length < (this.#client.pipeline ? DEPTH : 1)))
        return;
      this.#waiting.shift();
      this.#sentInTurn++;
      this.#sent.push(this.#sendOne(this.#client, next, last?.token));
    }
  }

  #sendOne(client: PoolClient, next: Waiting, after: string | undefined): Sent {
    const token = `${PROCESS}:${++tokens}`;
    const { append, plain } = next;
    const answer = plain
      ? this.#ask(client, append.plain(token, after)).then((row) => append.ofPlain(row))
      : this.#ask(client, append.merging()).then((row) => append.ofMerging(row));
    // Whoever waits for the one before it hears of that first.
    answer.catch(() => {});
    return { ...next, token, answer };
  }

  async #ask(client: PoolClient, { text, values }: AppendCall): Promise<readonly unknown[]> {
    const { answerMs } = this.#connection.bounds;
    const query = { text, values, rowMode: 'array', query_timeout: answerMs } as const;
    const { rows } = await client.query<unknown[]>(query);
    return rows[0]!;
  }

  async #query(client: PoolClient, text: string): Promise<void> {
    const query = { text, query_timeout: this.#connection.bounds.answerMs };
    await client.query(query);
  }

  /** The first that was sent failed, and so did all behind it: puts back, in order, what is to be sent again. */
  #takeBack(first: Sent, cause: unknown): void {
    const state = sqlState(cause);
    const behind = this.#sent.slice(1);
    if (state === UNIQUE_VIOLATION && first.plain)
      this.#waiting.unshift({ ...first, plain: false }, ...behind);
    else if (state === NOT_BEHIND) this.#waiting.unshift(first, ...behind);
    else if (state === CONFLICT) this.#waiting.unshift(...behind);
    else throw cause;
    this.#sent = [];
    if (state === CONFLICT) first.reject(storeError(this.#doing, cause));
  }

  #fail(cause: unknown): void {
    const [first, ...behind] = [...this.#sent.splice(0), ...this.#waiting.splice(0)];
    const error = storeError(this.#doing, cause);
    first?.reject(error);
    for (const { reject } of behind)
      reject(error.details['reason'] === 'data' ? behindRefused(this.#doing, error) : error);
  }
}

/** The data of one was refused, which says nothing about the data of the next. */
function behindRefused(doing: string, cause: MobError): MobError {
  const message = `Postgres could not ${doing}: an append before it was refused`;
  return new MobError('MOB_STORE_UNAVAILABLE', message, { cause, retryable: true });
}
