import { MobError, type NewEvent, type StreamPosition } from '@mobkit/core';

import type { StreamCursor, StreamedEvent } from './agent-streams.js';

/** One of the two kinds of agent streams: of a mob, or of one of its members. */
export interface StreamScope {
  readonly mobId: string;
  /** Absent: the stream of the mob. */
  readonly identity?: string;
}

/** Where an event stands in a stream. */
export function cursorIn({ identity }: StreamScope, stream: StreamPosition): StreamCursor {
  return { epoch: stream.epoch, n: identity === undefined ? stream.n : stream.agentN };
}

export function isAfter(one: StreamCursor, other: StreamCursor): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.n > other.n);
}

/** The cursor just before another in its epoch; `n` 0 is the beginning of the epoch. */
export function before({ epoch, n }: StreamCursor): StreamCursor {
  return { epoch, n: n - 1 };
}

export function isStreamed<E extends NewEvent>(event: E): event is E & StreamedEvent {
  return event.stream !== undefined;
}

/**
 * @throws TypeError for numbers that cannot be a cursor; MobError `MOB_CURSOR_STALE` for one beyond `latest`, which no
 * event has had.
 */
export function checkCursor(after: StreamCursor, latest: StreamCursor): void {
  const { epoch, n } = after;
  if (!(Number.isSafeInteger(epoch) && epoch > 0 && Number.isSafeInteger(n) && n >= 0)) {
    throw new TypeError(`Not a stream cursor: epoch ${epoch} (from 1), n ${n} (from 0)`);
  }
  if (!isAfter(after, latest)) return;
  const [asked, last] = [after, latest].map((cursor) => `${cursor.epoch}.${cursor.n}`);
  throw new MobError('MOB_CURSOR_STALE', `Cannot go on from stream cursor ${asked}: the latest is ${last}`, {
    details: { after: { epoch, n }, latest },
  });
}
