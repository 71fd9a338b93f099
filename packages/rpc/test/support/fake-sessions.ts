import type { SessionHistoryQuery, SessionQuery, SessionRow, SessionStore } from '@mobkit/core';

/** Sessions that remember what they were asked, and answer what they were told to. */
export class FakeSessions implements SessionStore {
  readonly supports = { durable: false, processes: 'one', cursor: 'strict' } as const;
  readonly appended: SessionRow[] = [];
  readonly asked: unknown[] = [];
  rows: readonly SessionRow[] = [];
  /** Whether pages are not the last. */
  more = false;
  /** What every call fails with, when set. */
  failure: Error | undefined;

  async append(rows: readonly SessionRow[]): Promise<void> {
    this.#maybeFail();
    this.appended.push(...rows);
  }

  async history(query?: SessionHistoryQuery) {
    this.#ask('history', query);
    return { rows: this.rows, ...(this.more && { next: 'cursor' }) };
  }

  latest(query?: SessionQuery) {
    return this.#page('latest', query);
  }

  live(query?: SessionQuery) {
    return this.#page('live', query);
  }

  async compact() {
    return 0;
  }

  async #page(view: string, query?: SessionQuery) {
    this.#ask(view, query);
    return { rows: this.rows, more: this.more };
  }

  #ask(view: string, query?: object): void {
    this.#maybeFail();
    this.asked.push({ view, ...query });
  }

  #maybeFail(): void {
    if (this.failure) throw this.failure;
  }
}
