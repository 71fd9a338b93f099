import type { PersistedEvent, StreamPosition } from '@mobkit/core';

/** An event of an agent as it is kept and streamed. */
export type StreamedEvent = Omit<PersistedEvent, 'seq' | 'stream'> & { readonly stream: StreamPosition };

export type AgentStreamItem =
  | { readonly type: 'event'; readonly event: StreamedEvent }
  /** Events between two positions are not to be had: filtered, dropped, lost in a crash, pruned, or cut for slowness. */
  | { readonly type: 'gap'; readonly gap: StreamGap };

export interface StreamGap {
  readonly reason: 'not_kept' | 'unknown_position';
  /** The last position before the gap, and the last within it; what follows comes after it. */
  readonly from: StreamCursor;
  readonly to: StreamCursor;
}

/** A place in one stream: `n` is the mob's number in the stream of the mob, the agent's in the stream of an agent. */
export interface StreamCursor {
  readonly epoch: number;
  readonly n: number;
}

export interface AgentStreamOptions {
  /** Only the events of this member, over all its incarnations. Absent: of every member. */
  readonly identity?: string;
  /** Where to go on from. Absent: from now on. */
  readonly after?: StreamCursor;
  readonly signal?: AbortSignal;
}
