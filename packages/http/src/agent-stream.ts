import { MobError } from '@mobkit/core';
import type { AgentStream, AgentStreamItem, StreamCursor, UnifiedRuntime } from '@mobkit/runtime';

import { agentFrame, gapFrame, mobFrame, openingFrame } from './frames.js';
import type { OpenedStream, StreamItem } from './stream-clients.js';
import { formatStreamId } from './stream-ids.js';

export interface AgentStreamRequest {
  /** Absent: every agent. */
  readonly identity?: string;
  readonly after?: StreamCursor;
}

/**
 * The frames of the events of all agents, or of one, from this call on.
 *
 * @throws MobError `MOB_CURSOR_STALE`, at the call, for a position no event has had.
 */
export function openAgentFrames(
  runtime: UnifiedRuntime,
  { identity, after }: AgentStreamRequest,
  signal: AbortSignal,
): OpenedStream {
  const format = (cursor: StreamCursor) => formatStreamId(identity ?? 'mob', cursor);
  const who = { signal, ...(identity !== undefined && { identity }) };
  const { position: now } = runtime.agentEvents(who);
  if (after && isAfter(after, now)) throw beyond(format(after), format(now));
  const events = runtime.agentEvents({ ...who, after: after ?? now });
  const toItem = (item: AgentStreamItem): StreamItem => {
    if (item.type === 'gap') {
      const { reason, from, to } = item.gap;
      return { bytes: gapFrame(reason, from, to, format), live: false };
    }
    const { stream } = item.event;
    const cursor = { epoch: stream.epoch, n: identity === undefined ? stream.n : stream.agentN };
    const bytes = identity === undefined ? mobFrame(item.event) : agentFrame(item.event);
    return { bytes, live: isAfter(cursor, now) };
  };
  return { opening: openingFrame(format(after ?? now)), items: toItems(events, toItem) };
}

async function* toItems(
  events: AgentStream,
  toItem: (item: AgentStreamItem) => StreamItem,
): AsyncGenerator<StreamItem> {
  for await (const item of events) yield toItem(item);
}

function isAfter(one: StreamCursor, other: StreamCursor): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.n > other.n);
}

/** Clients know cursors as the ids that the stream gave them. */
function beyond(afterSeq: string, lastSeq: string): MobError {
  return new MobError('MOB_CURSOR_STALE', `${afterSeq} is beyond the stream, which is at ${lastSeq}`, {
    details: { afterSeq, lastSeq },
  });
}
