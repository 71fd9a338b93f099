import type { Clock } from '@mobkit/core';

/**
 * A client that is behind and would have more than this unread is cut: 1 MiB. It may come back with the id it has seen
 * last. One that is not behind takes a frame of any size, or it could never come past a large one.
 */
export const MAX_BUFFERED_BYTES = 1024 * 1024;

/** History is read for a client no faster than it takes it, 64 KiB ahead; that much is also written without waiting. */
const READ_AHEAD_BYTES = 64 * 1024;

/** Frames that come within this time of a write are joined into the next: writes are what a stream costs, not bytes. */
const JOIN_MS = 15;

export interface StreamClientOptions {
  readonly clock: Clock;
  /** Drops the connection at once, with what it has not sent. */
  readonly disconnect?: (() => void) | undefined;
  /** Called once, when nobody reads any more. */
  readonly onGone: () => void;
}

/** One reader of an event stream: keeps what was written to it until the connection takes it. */
export class StreamClient {
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: StreamClientOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Set while the connection waits for more. */
  #handOver: (() => void) | undefined;
  #cancelJoin: (() => void) | undefined;
  #caughtUp: (() => void) | undefined;
  #state: 'open' | 'ending' | 'gone' = 'open';

  constructor(options: StreamClientOptions) {
    this.#options = options;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () =>
          new Promise<void>((resolve) => {
            this.#handOver = resolve;
            this.#flush();
          }),
        cancel: () => this.#leave(),
      },
      // Nothing is queued in the stream itself: what waits is counted here, and joined.
      { highWaterMark: 0 },
    );
  }

  /** Whether so much waits that a reader of history should pause. */
  get behind(): boolean {
    return this.#pendingBytes > READ_AHEAD_BYTES;
  }

  write(bytes: Uint8Array): void {
    if (this.#state !== 'open') return;
    const { behind } = this;
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.byteLength;
    this.#flush();
    if (behind && this.#pendingBytes > MAX_BUFFERED_BYTES) this.#cut();
  }

  /** Resolves when the client is no longer behind, or gone. */
  async caughtUp(): Promise<void> {
    while (this.#state === 'open' && this.behind) {
      await new Promise<void>((resolve) => (this.#caughtUp = resolve));
    }
  }

  /** Ends the stream after what was written. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    this.#flush();
  }

  #flush(): void {
    const ending = this.#state === 'ending';
    const joining = this.#cancelJoin !== undefined && !this.behind && !ending;
    if (!this.#handOver || !this.#controller || joining) return;
    if (this.#pendingBytes > 0) this.#send(this.#controller);
    if (ending) {
      this.#controller.close();
      this.#leave();
    }
  }

  #send(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const [only, ...more] = this.#pending;
    controller.enqueue(only && more.length === 0 ? only : Buffer.concat(this.#pending));
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#handOver?.();
    this.#handOver = undefined;
    this.#caughtUp?.();
    this.#cancelJoin ??= this.#options.clock.after(JOIN_MS, () => {
      this.#cancelJoin = undefined;
      this.#flush();
    });
  }

  #cut(): void {
    const { disconnect } = this.#options;
    if (disconnect) disconnect();
    else this.#controller?.error(new Error('The reader of this stream is too slow'));
    this.#leave();
  }

  #leave(): void {
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#cancelJoin?.();
    this.#handOver?.();
    this.#caughtUp?.();
    this.#options.onGone();
  }
}
