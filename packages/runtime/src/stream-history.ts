import type { EventLogStore, EventSink } from '@mobkit/core';

import type { AgentStreamItem, StreamCursor, StreamGap } from './agent-streams.js';
import { readLogBetween } from './read-log-between.js';
import { before, cursorIn, type StreamScope } from './stream-cursor.js';
import type { StreamEpochs } from './stream-epochs.js';

export interface StreamHistoryDeps {
  /** The mob whose epochs count, also for those that were made in it. */
  readonly mobId: string;
  readonly epochs: StreamEpochs;
  readonly eventSink?: EventSink | undefined;
  readonly eventLog?: EventLogStore | undefined;
}

/** Gives back the part of a stream that is no longer in memory. */
export class StreamHistory {
  readonly #deps: StreamHistoryDeps;

  constructor(deps: StreamHistoryDeps) {
    this.#deps = deps;
  }

  /**
   * Everything of a stream after `from`, up to and including `to`: the events that are kept, each once and in order, and
   * a gap exactly where numbers are missing. First waits for what is still on its way into the log. Ends early by
   * `signal`; what a store throws passes through.
   */
  async *between(
    scope: StreamScope,
    from: StreamCursor,
    to: StreamCursor,
    signal: AbortSignal,
  ): AsyncGenerator<AgentStreamItem, void, undefined> {
    const { eventLog, eventSink } = this.#deps;
    let at = from;
    if (eventLog) {
      // Whatever earlier epochs left is in the log or lost; only events of this one can be on their way.
      if (to.n > 0) await eventSink?.flush({ signal });
      if (signal.aborted) return;
      for await (const event of readLogBetween(eventLog, scope, from, to, signal)) {
        const cursor = cursorIn(scope, event.stream);
        const gap = await this.#gap(scope, at, before(cursor));
        if (gap) yield { type: 'gap', gap };
        yield { type: 'event', event };
        at = cursor;
      }
    }
    if (signal.aborted) return;
    const gap = await this.#gap(scope, at, to);
    if (gap) yield { type: 'gap', gap };
  }

  /** What is missing when nothing is kept after `from` up to and including `to`. */
  async #gap(scope: StreamScope, from: StreamCursor, to: StreamCursor): Promise<StreamGap | undefined> {
    let last: StreamCursor | undefined;
    for (let { epoch, n } = from; epoch < to.epoch; epoch += 1, n = 0) {
      const end = await this.#deps.epochs.lastOf(this.#deps.mobId, scope, epoch);
      if (end === undefined) return { reason: 'unknown_position', from, to };
      if (end > n) last = { epoch, n: end };
    }
    if (to.n > (to.epoch === from.epoch ? from.n : 0)) last = to;
    return last && { reason: 'not_kept', from, to: last };
  }
}
