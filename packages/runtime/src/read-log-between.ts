import type { EventLogStore, EventQuery } from '@mobkit/core';

import type { StreamCursor, StreamedEvent } from './agent-streams.js';
import { cursorIn, isAfter, isStreamed, type StreamScope } from './stream-cursor.js';

const PAGE_EVENTS = 256;

/** Enough that a few events that were never in a stream do not cost another question. */
const PROBE_EVENTS = 4;

/**
 * The events of a stream that the log keeps after one cursor, up to and including another, each once and in order. Reads
 * a page when the one before it is consumed. Ends early, without an error, by `signal`.
 */
export async function* readLogBetween(
  log: EventLogStore,
  scope: StreamScope,
  from: StreamCursor,
  to: StreamCursor,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent, void, undefined> {
  let at = from;
  for (let afterSeq = await findPlace(log, scope, from); !signal.aborted;) {
    const page = await log.query({ ...filterOf(scope), afterSeq, limit: PAGE_EVENTS });
    for (const event of page.events.filter(isStreamed)) {
      const cursor = cursorIn(scope, event.stream);
      if (isAfter(cursor, to) || signal.aborted) return;
      if (!isAfter(cursor, at)) continue;
      yield event;
      at = cursor;
    }
    if (!page.more) return;
    afterSeq = page.scannedTo;
  }
}

/**
 * A `seq`, at most a page before the first event that comes after a cursor. Looks near the end first, where almost
 * everyone resumes, in steps that grow; then halves what is left.
 */
async function findPlace(log: EventLogStore, scope: StreamScope, after: StreamCursor): Promise<number> {
  const { firstSeq, lastSeq } = await log.query({ ...filterOf(scope), limit: 1 });
  const lowest = firstSeq - 1;
  let late = lastSeq;
  let step = PAGE_EVENTS;
  let early = Math.max(late - step, lowest);
  while (early > lowest && (await isPast(log, scope, early, after))) {
    late = early;
    step *= 4;
    early = Math.max(late - step, lowest);
  }
  while (late - early > PAGE_EVENTS) {
    const middle = early + Math.floor((late - early) / 2);
    if (await isPast(log, scope, middle, after)) late = middle;
    else early = middle;
  }
  return early;
}

/** Whether nothing after `seq` is at or before the cursor. */
async function isPast(
  log: EventLogStore,
  scope: StreamScope,
  seq: number,
  after: StreamCursor,
): Promise<boolean> {
  for (let afterSeq = seq; ;) {
    const page = await log.query({ ...filterOf(scope), afterSeq, limit: PROBE_EVENTS });
    const found = page.events.find(isStreamed);
    if (found) return isAfter(cursorIn(scope, found.stream), after);
    if (!page.more) return true;
    afterSeq = page.scannedTo;
  }
}

function filterOf({ mobId, identity }: StreamScope): EventQuery {
  return identity === undefined ? { mobId } : { mobId, identity };
}
