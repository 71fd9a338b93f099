import type { ApiRequest } from './request.js';

export interface RequestEntry {
  readonly method: string;
  readonly path: string;
  readonly bytes: number;
  readonly headers: ApiRequest['headers'];
  readonly datasets: readonly string[];
}

const MOST = 10_000;

/** The requests that came in, in their order; the oldest of many are forgotten. */
export class RequestLog {
  #entries: RequestEntry[] = [];

  add({ method, path, body, headers }: ApiRequest, datasets: readonly string[]): void {
    this.#entries.push({ method, path, bytes: body.length, headers, datasets });
    if (this.#entries.length > MOST) this.#entries.shift();
  }

  of(dataset: string | undefined): readonly RequestEntry[] {
    return this.#entries.filter(({ datasets }) => dataset === undefined || datasets.includes(dataset));
  }

  clear(dataset: string | undefined): void {
    const gone = new Set(this.of(dataset));
    this.#entries = this.#entries.filter((entry) => !gone.has(entry));
  }
}
