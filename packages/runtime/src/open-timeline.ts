import { limitOf } from '@mobkit/core';
import { structuralParties } from '@mobkit/core/mob';

import type { StreamCursor } from './agent-streams.js';
import type { LiveEvents } from './live-events.js';
import type { RecentEvent } from './recent-events.js';
import { checkCursor } from './stream-cursor.js';
import type {
  Timeline,
  TimelineEntry,
  TimelineFollowOptions,
  TimelineItem,
  TimelinePage,
  TimelineQuery,
  TimelineScope,
} from './timeline.js';

/** The timeline over what is live. It costs nothing while nobody reads it. */
export function openTimeline(live: LiveEvents): Timeline {
  return {
    read: (query = {}) => read(live, query),
    follow({ after = latestOf(live), scope = {}, signal } = {}) {
      checkCursor(after, latestOf(live));
      return follow(live, { after, scope, ...(signal && { signal }) });
    },
  };
}

function read(live: LiveEvents, { after, limit, scope = {} }: TimelineQuery): TimelinePage {
  const most = limitOf(limit === undefined ? {} : { limit });
  const latest = latestOf(live);
  if (!after) return readNewest(live, most, scope);
  checkCursor(after, latest);
  const items: TimelineItem[] = [];
  const { start, gap } = startOf(live, after);
  let next = after;
  if (gap) {
    items.push(gap);
    next = gap.gap.to;
  }
  let entries = 0;
  for (let n = start; n <= live.last; n += 1) {
    const entry = entryAt(live, n, scope);
    if (entry && entries === most) return { items, next, more: true, latest };
    if (entry) entries = items.push(entry) - (gap ? 1 : 0);
    next = { epoch: live.epoch, n };
  }
  return { items, next: latest, more: false, latest };
}

function readNewest(live: LiveEvents, most: number, scope: TimelineScope): TimelinePage {
  const latest = latestOf(live);
  const newest: TimelineEntry[] = [];
  for (let n = live.last; n >= live.first; n -= 1) {
    const entry = entryAt(live, n, scope);
    if (!entry) continue;
    if (newest.length === most) return { items: newest.toReversed(), next: latest, more: true, latest };
    newest.push(entry);
  }
  return { items: newest.toReversed(), next: latest, more: false, latest };
}

type Following = TimelineFollowOptions & Required<Pick<TimelineFollowOptions, 'after' | 'scope'>>;

async function* follow(
  live: LiveEvents,
  { after, scope, signal }: Following,
): AsyncGenerator<TimelineItem, void, undefined> {
  let at = after;
  while (!signal?.aborted) {
    const { start, gap } = startOf(live, at);
    if (gap) {
      at = gap.gap.to;
      yield gap;
      continue;
    }
    if (start <= live.last) {
      at = { epoch: live.epoch, n: start };
      const entry = entryAt(live, start, scope);
      if (entry) yield entry;
    } else if (live.closed) return;
    else await nextOf(live, signal);
  }
}

/** The first number to look at, and the gap before it. */
function startOf(
  live: LiveEvents,
  after: StreamCursor,
): { readonly start: number; readonly gap?: Extract<TimelineItem, { readonly type: 'gap' }> } {
  const { epoch, first } = live;
  if (after.epoch === epoch && after.n >= first - 1) return { start: after.n + 1 };
  // What the epochs before this one saw, nobody has in this order any more.
  const reason = after.epoch === epoch ? 'not_kept' : 'unknown_position';
  return { start: first, gap: { type: 'gap', gap: { reason, from: after, to: { epoch, n: first - 1 } } } };
}

function entryAt(live: LiveEvents, n: number, scope: TimelineScope): TimelineEntry | undefined {
  const found = live.at(n);
  if (!found || !isIn(scope, live.mobId, found)) return undefined;
  return { type: 'event', cursor: { epoch: live.epoch, n }, ...found };
}

function isIn({ source, mobId, identity, interactionId }: TimelineScope, ours: string, found: RecentEvent) {
  if (source !== undefined && found.source !== source) return false;
  if (mobId !== undefined && (found.source === 'module' ? ours : found.event.mobId) !== mobId) return false;
  if (identity !== undefined && !isOf(identity, found)) return false;
  return interactionId === undefined || interactionOf(found) === interactionId;
}

function isOf(identity: string, { source, event }: RecentEvent): boolean {
  if (source === 'agent') return event.identity === identity;
  if (source === 'module' || event.data.type === 'stream_gap') return false;
  return structuralParties(event.data).includes(identity);
}

function interactionOf({ source, event }: RecentEvent): unknown {
  if (source === 'agent') return event.interactionId;
  if (source === 'ledger') return undefined;
  const { payload } = event.event;
  return typeof payload === 'object' && payload !== null && 'interaction_id' in payload
    ? payload.interaction_id
    : undefined;
}

function latestOf({ epoch, last }: LiveEvents): StreamCursor {
  return { epoch, n: last };
}

function nextOf(live: LiveEvents, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = live.onNext(undefined, done);
    signal?.addEventListener('abort', done);
  });
}
