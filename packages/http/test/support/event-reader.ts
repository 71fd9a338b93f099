import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { onTestFinished } from 'vitest';

/** Reads an event stream; left when the test is finished. */
export class EventReader {
  readonly response: Response;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #leaving: AbortController;
  readonly #frames: EventSourceMessage[] = [];
  readonly #parser = createParser({
    onEvent: (frame) => this.#frames.push(frame),
    onRetry: (ms) => (this.retryMs = ms),
  });
  readonly #decoder = new TextDecoder();
  retryMs: number | undefined;
  text = '';

  private constructor(response: Response, leaving: AbortController) {
    if (!response.body) throw new Error(`${response.status}: no stream`);
    this.response = response;
    this.#reader = response.body.getReader();
    this.#leaving = leaving;
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const leaving = new AbortController();
    const response = await fetch(url, { headers, signal: leaving.signal });
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    const reader = new EventReader(response, leaving);
    onTestFinished(() => reader.leave());
    return reader;
  }

  /** The next frames; fails when the stream ends before. */
  async frames(count: number): Promise<readonly EventSourceMessage[]> {
    while (this.#frames.length < count) {
      if (!(await this.#read())) throw new Error(`The stream ended after ${this.#frames.length} frames`);
    }
    return this.#frames.splice(0, count);
  }

  async untilText(wanted: string): Promise<void> {
    while (!this.text.includes(wanted)) await this.more();
  }

  /** Whatever comes next; fails when the stream ends. */
  async more(): Promise<void> {
    if (!(await this.#read())) throw new Error(`The stream ended after ${this.text}`);
  }

  /** Reads to the end. */
  async untilEnd(): Promise<void> {
    while (await this.#read());
  }

  leave(): void {
    this.#leaving.abort();
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    if (done) return false;
    const text = this.#decoder.decode(value, { stream: true });
    this.text += text;
    this.#parser.feed(text);
    return true;
  }
}
