import {
  type Appended,
  type AppendOptions,
  checkPrune,
  checkQuery,
  type LogBounds,
  type LogDefinition,
  type LogPage,
  type LogQuery,
  type NewEntry,
  type OrderedLog,
  type PruneBounds,
  type Storage,
  toLogPage,
} from '@mobkit/core';

import type { Connection } from './connection.js';
import { build, type Session } from './database.js';
import { matchEntries } from './match-entries.js';
import { toEntries } from './rows.js';
import { forgetTimes, withSeqRange } from './time-ranges.js';

/** Entries removed by one transaction: a few milliseconds, between which the event loop turns. */
const PRUNED_AT_ONCE = 200;

/** One partition of a log, in the table of its definition; `_counters` has its bounds. */
export class SqliteLog implements OrderedLog {
  readonly #connection: Connection;
  readonly #commit: Storage['commit'];
  readonly #definition: LogDefinition;
  readonly #partition: string;

  constructor(
    connection: Connection,
    commit: Storage['commit'],
    definition: LogDefinition,
    partition: string,
  ) {
    this.#connection = connection;
    this.#commit = commit;
    this.#definition = definition;
    this.#partition = partition;
  }

  async append(entries: readonly NewEntry[], options: AppendOptions = {}): Promise<Appended> {
    const write = { ...options, log: this.#definition, partition: this.#partition, entries };
    const { appended } = await this.#commit({ appends: [write] });
    return appended[0]!;
  }

  async read(query: LogQuery): Promise<LogPage> {
    checkQuery(this.#definition, query);
    const definition = this.#definition;
    const direction = query.afterSeq === undefined ? 'desc' : 'asc';
    return this.#connection.read(this.#doing('read'), (session) => {
      const narrow = withSeqRange(session, definition, this.#partition, query);
      const rows = session.arrays(matchEntries(session, definition, this.#partition, narrow, direction));
      const found = toEntries(query.withoutFields ? [] : Object.keys(definition.fields), rows);
      return toLogPage(found, query, this.#bounds(session));
    });
  }

  async bounds(): Promise<LogBounds> {
    return this.#connection.read(this.#doing('read the bounds of'), (session) => this.#bounds(session));
  }

  async prune(bounds: PruneBounds): Promise<number> {
    checkPrune(bounds);
    const cut = await this.#connection.read(this.#doing('prune'), (session) => this.#cut(session, bounds));
    let gone = 0;
    for (let more = true; more;) {
      const { pruned, firstSeq } = await this.#connection.write(this.#doing('prune'), (session) =>
        this.#pruneSome(session, cut),
      );
      gone += pruned;
      more = firstSeq < cut;
      if (more) await new Promise((resolve) => setImmediate(resolve));
    }
    return gone;
  }

  onAppend(wake: () => void): () => void {
    return this.#connection.subscribe(topicOf(this.#definition, this.#partition), wake);
  }

  /** A partition has no counter before its first append. */
  #bounds(session: Session): LogBounds {
    const [counter] = session.all(
      build
        .selectFrom('_counters')
        .select(['first_seq', 'last_seq'])
        .where('log', '=', this.#definition.name)
        .where('partition', '=', this.#partition)
        .compile(),
    );
    return { firstSeq: Number(counter?.['first_seq'] ?? 1), lastSeq: Number(counter?.['last_seq'] ?? 0) };
  }

  /** The seq of the first entry that stays. */
  #cut(session: Session, { seq = Infinity, timestampMs, keep = 0 }: PruneBounds): number {
    const { lastSeq } = this.#bounds(session);
    const end = Math.min(lastSeq + 1, lastSeq + 1 - keep, seq);
    if (timestampMs === undefined) return end;
    const [young] = session.all(
      this.#entries()
        .select('seq')
        .where('timestamp_ms', '>=', timestampMs)
        .orderBy('seq')
        .limit(1)
        .compile(),
    );
    return Math.min(end, Number(young?.['seq'] ?? end));
  }

  #pruneSome(session: Session, cut: number): { readonly pruned: number; readonly firstSeq: number } {
    const before = this.#bounds(session).firstSeq;
    const firstSeq = Math.min(cut, before + PRUNED_AT_ONCE);
    if (firstSeq <= before) return { pruned: 0, firstSeq: before };
    const gone = build
      .deleteFrom(this.#definition.name)
      .where('partition', '=', this.#partition)
      .where('seq', '<', firstSeq);
    const pruned = session.run(gone.compile());
    const counter = build
      .updateTable('_counters')
      .set({ first_seq: firstSeq })
      .where('log', '=', this.#definition.name)
      .where('partition', '=', this.#partition);
    session.run(counter.compile());
    forgetTimes(session, this.#definition, this.#partition, firstSeq);
    return { pruned, firstSeq };
  }

  #entries() {
    return build.selectFrom(this.#definition.name).where('partition', '=', this.#partition);
  }

  #doing(what: string): () => string {
    return () => `${what} log "${this.#definition.name}"`;
  }
}

/** What appends to a partition are announced under. */
export function topicOf({ name }: LogDefinition, partition = ''): string {
  return `${name}/${partition}`;
}
