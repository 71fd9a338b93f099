import { expect, it } from 'vitest';

import { isMobError } from './errors.js';
import { toLogPage } from './log-page.js';
import type { LogPage, LogQuery, StoredEntry } from './ordered-log.js';
import { staleCursor, tail, type TailOptions } from './tail.js';

/** A log that keeps what it is told to, and can be read at a pace of the test's. */
class FakeLog {
  readonly #entries: StoredEntry[] = [];
  readonly #wakes = new Set<() => void>();
  #firstSeq = 1;
  reads = 0;
  /** Called in the middle of a read, after the page was made. */
  duringRead: () => Promise<void> | void = () => {};

  get followers(): number {
    return this.#wakes.size;
  }

  append(...ids: readonly string[]): void {
    for (const id of ids) {
      const seq = this.#firstSeq + this.#entries.length;
      this.#entries.push({ id, seq, timestampMs: seq, fields: {}, data: '{}' });
    }
    this.wakeAll();
  }

  prune(count: number): void {
    this.#entries.splice(0, count);
    this.#firstSeq += count;
  }

  wakeAll(): void {
    for (const wake of this.#wakes) wake();
  }

  async read(query: LogQuery): Promise<LogPage> {
    this.reads += 1;
    const { afterSeq = 0, where } = query;
    const found = this.#entries.filter(({ seq, id }) => seq > afterSeq && id === (where?.['id'] ?? id));
    const bounds = { firstSeq: this.#firstSeq, lastSeq: this.#firstSeq + this.#entries.length - 1 };
    const page = toLogPage(found, { ...query, limit: 2 }, bounds);
    await this.duringRead();
    return page;
  }

  onAppend(wake: () => void): () => void {
    this.#wakes.add(wake);
    return () => this.#wakes.delete(wake);
  }
}

function logOf(...ids: readonly string[]): FakeLog {
  const log = new FakeLog();
  log.append(...ids);
  return log;
}

async function take(count: number, log: FakeLog, options: Partial<TailOptions> = {}) {
  const ids: string[] = [];
  for await (const { id } of tail(log, { afterSeq: 0, ...options })) {
    if (ids.push(id) === count) break;
  }
  return ids;
}

/** Lets everything that can go on go on. */
const settled = () => new Promise<void>((resolve) => void setImmediate(resolve));

it('[core.tail] gives what is kept over several pages, then what is appended, each once and in order', async () => {
  const log = logOf('a', 'b', 'c', 'd', 'e');
  const all = take(7, log);
  await settled();
  log.append('f');
  await settled();
  log.append('g');
  expect(await all).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
});

it('begins after the cursor', async () => {
  expect(await take(1, logOf('a', 'b'), { afterSeq: 1 })).toEqual(['b']);
});

it('[core.tail] misses nothing that is appended while it reads', async () => {
  const log = logOf('a');
  let appended = false;
  log.duringRead = () => {
    if (!appended) log.append('b');
    appended = true;
  };
  expect(await take(2, log)).toEqual(['a', 'b']);
});

it('goes on when it is woken for nothing, and reads only when it is woken', async () => {
  const log = logOf('a');
  const both = take(2, log);
  await settled();
  log.wakeAll();
  await settled();
  expect(log.reads).toBe(2);
  log.append('b');
  expect(await both).toEqual(['a', 'b']);
});

it('[core.tail-abort] ends without an error when the signal is aborted, also while it waits', async () => {
  const log = logOf('a');
  const controller = new AbortController();
  const all = take(Infinity, log, { signal: controller.signal });
  await settled();
  controller.abort();
  expect(await all).toEqual(['a']);
  expect(log.followers).toBe(0);
});

it('gives nothing more once the signal is aborted, not even the rest of a page', async () => {
  const controller = new AbortController();
  const ids: string[] = [];
  for await (const { id } of tail(logOf('a', 'b'), { afterSeq: 0, signal: controller.signal })) {
    ids.push(id);
    controller.abort();
  }
  expect(ids).toEqual(['a']);
});

it('ends when the signal is aborted during a read, and never reads when it was aborted before', async () => {
  const log = logOf('a');
  const controller = new AbortController();
  log.duringRead = () => controller.abort();
  expect(await take(Infinity, log, { signal: controller.signal })).toEqual([]);
  expect(await take(Infinity, log, { signal: controller.signal })).toEqual([]);
  expect([log.reads, log.followers]).toEqual([1, 0]);
});

it('stops following when the reader breaks off', async () => {
  const log = logOf('a');
  await take(1, log);
  expect(log.followers).toBe(0);
});

it('[core.tail-abort] passes on what the store throws, and stops following', async () => {
  const log = logOf('a');
  const all = take(Infinity, log);
  await settled();
  log.duringRead = () => Promise.reject(new Error('The disk is gone'));
  log.wakeAll();
  await expect(all).rejects.toThrow('The disk is gone');
  expect(log.followers).toBe(0);
});

it('[core.tail-stale] says so when what follows the cursor was pruned, or the log never got that far', async () => {
  const log = logOf('a', 'b', 'c');
  log.prune(2);
  const pruned: unknown = await take(1, log, { afterSeq: 1 }).catch((error: unknown) => error);
  expect(isMobError(pruned, 'MOB_CURSOR_STALE') && pruned).toMatchObject({
    message: 'Cannot go on from cursor 1: 3 to 3 are kept',
    details: { afterSeq: 1, firstSeq: 3, lastSeq: 3 },
  });
  await expect(take(1, log, { afterSeq: 4 })).rejects.toMatchObject({ code: 'MOB_CURSOR_STALE' });
  expect(await take(1, log, { afterSeq: 2 })).toEqual(['c']);
});

it('[core.tail-stale] tells a reader whose filter let nothing through that it was overtaken', async () => {
  const log = logOf('a', 'b');
  const none = take(1, log, { where: { id: 'z' } });
  await settled();
  log.append('c', 'd');
  log.prune(3);
  await expect(none).rejects.toMatchObject({ details: { afterSeq: 2, firstSeq: 4, lastSeq: 4 } });
});

it('says that nothing is kept where nothing is', () => {
  expect(staleCursor(7, { firstSeq: 4, lastSeq: 3 }).message).toBe(
    'Cannot go on from cursor 7: nothing is kept',
  );
});
