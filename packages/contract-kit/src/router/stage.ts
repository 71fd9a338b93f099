import type { Resolution, ResolveRequest, Route, Router, RouteTable } from '@mobkit/core/ops';

import { ManualClock } from '../manual-clock.js';
import type { OpenedStorage, RouterHarness, RouterParts } from './harness.js';

export const VALID_FOR_MS = 60_000;

/** What a promise is proved on: a storage, and routers over it. */
export class RouterStage {
  readonly clock = new ManualClock(1_000_000);
  readonly #harness: RouterHarness;
  readonly #opened: OpenedStorage[];

  private constructor(harness: RouterHarness, first: OpenedStorage) {
    this.#harness = harness;
    this.#opened = [first];
  }

  static async open(harness: RouterHarness): Promise<RouterStage> {
    return new RouterStage(harness, await harness.open());
  }

  /** A router over the storage of the first. */
  async router(given: Partial<RouterParts> = {}): Promise<TestRouter> {
    const [first] = this.#opened;
    if (!first) throw new Error('The stage is closed');
    return this.#over(first, given);
  }

  /** A router as another process would have it. */
  async another(given: Partial<RouterParts> = {}): Promise<TestRouter> {
    if (!this.#harness.reopen) return this.router(given);
    const opened = await this.#harness.reopen();
    this.#opened.push(opened);
    return this.#over(opened, given);
  }

  async close(): Promise<void> {
    for (let one = this.#opened.pop(); one; one = this.#opened.pop()) await one.close();
  }

  async #over({ storage }: OpenedStorage, given: Partial<RouterParts>): Promise<TestRouter> {
    const router = await this.#harness.router({
      storage,
      mobId: 'crew',
      fixed: [],
      advisor: () => undefined,
      validForMs: VALID_FOR_MS,
      clock: this.clock,
      ...given,
    });
    return new TestRouter(router);
  }
}

/** A router, and what tests ask of it again and again. */
export class TestRouter {
  readonly router: Router;

  constructor(router: Router) {
    this.router = router;
  }

  get table(): RouteTable {
    if (!this.router.table) throw new Error('The router has no table');
    return this.router.table;
  }

  resolve(request: ResolveRequest): Promise<Resolution> {
    return this.router.resolve(request);
  }

  /** The route that decides. */
  async keyFor(recipient: string, channel?: string): Promise<string | undefined> {
    const { routeKey } = await this.resolve({ recipient, ...(channel !== undefined && { channel }) });
    return routeKey;
  }

  async keys(): Promise<readonly string[]> {
    return (await this.router.routes()).map(({ routeKey }) => routeKey);
  }

  async put(...routes: readonly Route[]): Promise<void> {
    for (const each of routes) await this.table.put(each);
  }
}

/** A route that says no more than it must. */
export function route(routeKey: string, given: Partial<Route> = {}): Route {
  return { routeKey, recipient: 'ops', sink: 'log', ...given };
}
