import type {
  AgentStream,
  AgentStreamItem,
  AgentStreamOptions,
  StreamCursor,
  StreamedEvent,
} from './agent-streams.js';
import type { LiveEvents } from './live-events.js';
import { checkCursor, cursorIn, type StreamScope } from './stream-cursor.js';
import type { StreamHistory } from './stream-history.js';

/** A stream from now on, or from a cursor on. It costs nothing while nobody reads it. */
export function openAgentStream(
  live: LiveEvents,
  history: StreamHistory,
  options: AgentStreamOptions,
): AgentStream {
  const { mobId = live.mobId, identity, after, signal } = options;
  const scope = identity === undefined ? { mobId } : { mobId, identity };
  if (after) checkCursor(after, live.latest(scope));
  return new LiveStream({ live, history, scope, after: after ?? live.latest(scope), signal });
}

interface LiveStreamDeps {
  readonly live: LiveEvents;
  readonly history: StreamHistory;
  readonly scope: StreamScope;
  readonly after: StreamCursor;
  readonly signal: AbortSignal | undefined;
}

class LiveStream implements AgentStream {
  readonly #deps: LiveStreamDeps;
  /** Everything up to here was given. */
  #at: StreamCursor;
  /** Up to this number, among everything that is live, nothing is left for us. */
  #searched = 0;

  constructor(deps: LiveStreamDeps) {
    this.#deps = deps;
    this.#at = deps.after;
  }

  get position(): StreamCursor {
    return this.#at;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AgentStreamItem, void, undefined> {
    const { live, signal } = this.#deps;
    while (!signal?.aborted) {
      const { event, behind } = this.#look();
      if (event) yield this.#give(event);
      else if (live.closed) return;
      else if (behind) yield* this.#catchUp(behind);
      else await this.#nextEvent();
    }
  }

  takeReady(): readonly AgentStreamItem[] {
    const items: AgentStreamItem[] = [];
    for (let { event } = this.#look(); event; { event } = this.#look()) items.push(this.#give(event));
    return items;
  }

  /** The next event, if it is in memory; how far we are behind, if it no longer is; nothing, if there is none yet. */
  #look(): { readonly event?: StreamedEvent; readonly behind?: StreamCursor } {
    const { live, scope } = this.#deps;
    const { epoch } = live;
    const given = this.#at.epoch === epoch ? this.#at.n : 0;
    const found = live.find(scope, given, this.#searched + 1);
    this.#searched = found ? found.at - 1 : live.last;
    const event = found?.event;
    const n = event ? cursorIn(scope, event.stream).n - 1 : live.latest(scope).n;
    if (this.#at.epoch < epoch || given < n) return { behind: { epoch, n } };
    return event ? { event } : {};
  }

  #give(event: StreamedEvent): AgentStreamItem {
    this.#at = cursorIn(this.#deps.scope, event.stream);
    return { type: 'event', event };
  }

  async *#catchUp(to: StreamCursor): AsyncGenerator<AgentStreamItem, void, undefined> {
    const { live, history, scope, signal } = this.#deps;
    const reader = live.untilClosed(signal);
    try {
      for await (const item of history.between(scope, this.#at, to, reader.signal)) {
        this.#at = item.type === 'gap' ? item.gap.to : cursorIn(scope, item.event.stream);
        yield item;
      }
      // Where no number is missing before it: another epoch ended exactly where we were.
      if (!reader.signal.aborted) this.#at = to;
    } finally {
      reader.release();
    }
  }

  #nextEvent(): Promise<void> {
    const { live, scope, signal } = this.#deps;
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const cancel = live.onNext(scope, done);
      signal?.addEventListener('abort', done);
    });
  }
}
