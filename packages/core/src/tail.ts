import { MobError } from './errors.js';
import type { LogBounds, LogQuery, OrderedLog, StoredEntry } from './ordered-log.js';

/** Which entries to follow, and from where. */
export interface TailOptions extends Pick<LogQuery, 'sinceMs' | 'untilMs' | 'where'> {
  /** Exclusive: where to go on from. 0 starts at the beginning. */
  readonly afterSeq: number;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * Follows a log: what is kept after `afterSeq`, then what is appended, each entry once and in order. Reads a page
 * when the one before it is consumed, so a slow reader costs nobody anything. Ends only by `signal`, `break` or an
 * error; what the store throws passes through, and the reader may start again after the last entry it got.
 *
 * @throws MobError `MOB_CURSOR_STALE` when entries after the cursor have been pruned, or the log never got that far.
 */
export async function* tail(
  log: Pick<OrderedLog, 'onAppend' | 'read'>,
  { afterSeq, signal, ...filter }: TailOptions,
): AsyncGenerator<StoredEntry, void, undefined> {
  let woken = false;
  let resume = () => {};
  const wake = () => {
    woken = true;
    resume();
  };
  const unsubscribe = log.onAppend(wake);
  signal?.addEventListener('abort', wake);
  try {
    for (let cursor = afterSeq; !signal?.aborted;) {
      // Before the read: an append while it runs leaves us woken, and we read again.
      woken = false;
      const page = await log.read({ ...filter, afterSeq: cursor });
      if (cursor < page.firstSeq - 1 || cursor > page.scannedTo) throw staleCursor(cursor, page);
      for (const entry of page.entries) {
        if (signal?.aborted) return;
        yield entry;
      }
      cursor = page.scannedTo;
      if (!page.more && !woken) await new Promise<void>((resolve) => (resume = resolve));
    }
  } finally {
    signal?.removeEventListener('abort', wake);
    unsubscribe();
  }
}

/** The error for a cursor that a log cannot go on from. */
export function staleCursor(afterSeq: number, { firstSeq, lastSeq }: LogBounds): MobError {
  const kept = lastSeq < firstSeq ? 'nothing is kept' : `${firstSeq} to ${lastSeq} are kept`;
  return new MobError('MOB_CURSOR_STALE', `Cannot go on from cursor ${afterSeq}: ${kept}`, {
    details: { afterSeq, firstSeq, lastSeq },
  });
}
