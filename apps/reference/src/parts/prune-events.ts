import type { DeadLetterStore, EventLogStore, PruneBounds } from '@mobkit/core';

/** How long and how many events are kept; what is beyond either goes. */
export interface Retention {
  readonly days?: number;
  readonly events?: number;
}

export interface Pruned {
  readonly events: number;
  readonly deadLetters: number;
}

export interface PruneDeps {
  readonly eventLog: EventLogStore;
  readonly deadLetters: DeadLetterStore;
  readonly nowMs: number;
  /** Aborted: ends after the part under way. */
  readonly signal: AbortSignal;
  /** Lets others work between two parts. */
  readonly pause: () => Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Events that go at a time: a store that works on the event loop holds it up for so long. */
const PART_EVENTS = 2_000;

/** Removes what retention does not keep; dead letters go by their age alone. Throws what the stores throw. */
export async function pruneEvents({ days, events }: Retention, deps: PruneDeps): Promise<Pruned> {
  const beforeMs = days === undefined ? undefined : Math.floor(deps.nowMs - days * DAY_MS);
  let gone = 0;
  if (beforeMs !== undefined) gone += await pruneInParts({ timestampMs: beforeMs }, deps);
  if (events !== undefined) gone += await pruneInParts({ keep: events }, deps);
  const letters = beforeMs === undefined ? 0 : await deps.deadLetters.prune({ beforeMs });
  return { events: gone, deadLetters: letters };
}

async function pruneInParts(bounds: PruneBounds, { eventLog, signal, pause }: PruneDeps): Promise<number> {
  for (let gone = 0; ;) {
    const { firstSeq } = await eventLog.query({ limit: 1 });
    const part = (await eventLog.prune?.({ ...bounds, seq: firstSeq + PART_EVENTS })) ?? 0;
    gone += part;
    if (part < PART_EVENTS || signal.aborted) return gone;
    await pause();
  }
}
