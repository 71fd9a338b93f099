import type { PersistedEvent, StreamPosition } from '@mobkit/core';

/** An event of an agent as it is kept and streamed. */
export type StreamedEvent = Omit<PersistedEvent, 'seq' | 'stream'> & { readonly stream: StreamPosition };

/** What a stream of agent events consists of, in the order of their positions. */
export type AgentStreamItem =
  | { readonly type: 'event'; readonly event: StreamedEvent }
  /** Events between two positions are not to be had: filtered, dropped, lost in a crash, pruned, or never kept. */
  | { readonly type: 'gap'; readonly gap: StreamGap };

/** A stated hole in a stream. */
export interface StreamGap {
  /**
   * `not_kept`: every number after `from`, up to and including `to`, existed and cannot be given again.
   * `unknown_position`: between them an epoch ended in a crash, so how many are missing is not known; maybe none.
   */
  readonly reason: 'not_kept' | 'unknown_position';
  /** The last position before the gap, and the last within it; what follows comes after it. */
  readonly from: StreamCursor;
  readonly to: StreamCursor;
}

/**
 * A place in one stream: `n` is the mob's number in the stream of the mob, the agent's in the stream of an agent. Numbers
 * are dense from 1 in each epoch; 0 is the beginning of an epoch, before its first event.
 */
export interface StreamCursor {
  readonly epoch: number;
  readonly n: number;
}

/** Which events of agents to follow, and from where. */
export interface AgentStreamOptions {
  /** A mob that an agent made: it has streams, and numbers, of its own. @defaultValue the mob of the runtime */
  readonly mobId?: string;
  /** Only the events of this member, over all its incarnations. Absent: of every member. */
  readonly identity?: string;
  /** Where to go on from: exclusive. Absent: from now on, which is the moment of the call. */
  readonly after?: StreamCursor;
  /** Ends the stream at once, without an error, also while it waits; `break` ends it too, between two items. */
  readonly signal?: AbortSignal;
}

/**
 * The events of a mob or of one member, each once and in order, for one reader.
 *
 * A reader that is slow, or comes back later, is given what it missed from the event log, at its own pace, and a gap
 * exactly where numbers are missing. Live events are the same object for every reader, so what is made of one (its JSON,
 * a frame) can be kept in a `WeakMap`; `payloadJson` does. What the event log throws passes through: open another stream
 * after the last item.
 */
export interface AgentStream extends AsyncIterable<AgentStreamItem> {
  /** Where to go on from after the last item given; before the first, where the stream begins. */
  readonly position: StreamCursor;

  /**
   * Everything that can be had without waiting, taken out of the iteration: for a reader that was just given an item and
   * wants to write it together with the others. Empty when there is none, or when the next must come from the log.
   */
  takeReady(): readonly AgentStreamItem[];
}
