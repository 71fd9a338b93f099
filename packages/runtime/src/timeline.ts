import type { ModuleEventEnvelope } from '@mobkit/core/ops';

import type { StreamCursor, StreamedEvent, StreamGap } from './agent-streams.js';
import type { StructuralEvent } from './structural-event.js';

/** What happened, with where it was seen. Its own time is in the event, and need not be in the order of the timeline. */
export type TimelineEvent =
  | { readonly source: 'agent'; readonly event: StreamedEvent }
  | { readonly source: 'module'; readonly event: ModuleEventEnvelope }
  | { readonly source: 'ledger'; readonly event: StructuralEvent };

/** An event of the timeline, and its place there. */
export type TimelineEntry = TimelineEvent & {
  readonly type: 'event';
  readonly cursor: StreamCursor;
  /** When it was taken in, in Unix milliseconds. */
  readonly ingestedAtMs: number;
};

/** Entries, and gaps where some are no longer kept. */
export type TimelineItem = TimelineEntry | { readonly type: 'gap'; readonly gap: StreamGap };

/** Which entries are wanted. Every condition given must hold. */
export interface TimelineScope {
  readonly source?: TimelineEvent['source'];
  /** Of this mob: the runtime's, or one that agents made. Modules belong to the runtime's. */
  readonly mobId?: string;
  /** Of this member, in all its incarnations; nothing that a module did. */
  readonly identity?: string;
  /** Of this interaction. */
  readonly interactionId?: string;
}

/** Which entries of the timeline to read, and from where. */
export interface TimelineQuery {
  /** Exclusive. Absent: the newest are read. */
  readonly after?: StreamCursor;
  /** Entries, gaps not counted. @defaultValue 256 */
  readonly limit?: number;
  readonly scope?: TimelineScope;
}

/** One page of the timeline. */
export interface TimelinePage {
  /** In the order they were taken in. A gap comes first, when entries after `after` are no longer kept. */
  readonly items: readonly TimelineItem[];
  /** Where to go on from. */
  readonly next: StreamCursor;
  /** Whether more match now: after this page when `after` was given, else before it. */
  readonly more: boolean;
  /** The last entry there is. */
  readonly latest: StreamCursor;
}

/** Which entries of the timeline to follow, and from where. */
export interface TimelineFollowOptions {
  /** Exclusive. Absent: from this call on. */
  readonly after?: StreamCursor;
  readonly scope?: TimelineScope;
  readonly signal?: AbortSignal;
}

/**
 * Everything that happened in the mob, in those that its agents made and in its modules, in the order in which the runtime
 * took it in. The newest 4096 entries of this start are kept, fewer when they are large. Cursors are dense from 1 in each
 * epoch; what a scope leaves out keeps its number, and a gap says that numbers cannot be given again, not that they matched.
 */
export interface Timeline {
  /** @throws MobError `MOB_CURSOR_STALE` for a cursor no entry has had; TypeError for one that is none. */
  read(query?: TimelineQuery): TimelinePage;
  /**
   * Entries after a cursor, then live, for one reader. One that is slow holds nobody up: it is given a gap for what it has
   * missed. Ends by `signal`, `break` or when the runtime has shut down.
   *
   * @throws as `read`, at the call.
   */
  follow(options?: TimelineFollowOptions): AsyncIterable<TimelineItem>;
}
