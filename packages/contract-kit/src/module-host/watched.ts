import type { ModuleEventEnvelope, ModuleHost } from '@mobkit/core/ops';

import type { ModuleHostHarness } from './harness.js';

/** A host under test, with all it told. */
export class Watched {
  readonly events: ModuleEventEnvelope[] = [];
  readonly #harness: ModuleHostHarness;
  readonly #hosts: ModuleHost[] = [];

  constructor(harness: ModuleHostHarness) {
    this.#harness = harness;
  }

  async open(...wanted: readonly string[]): Promise<ModuleHost> {
    const host = await this.#harness.open(wanted);
    this.#hosts.push(host);
    return host;
  }

  /** One that is started. */
  async start(...wanted: readonly string[]): Promise<ModuleHost> {
    const host = await this.open(...wanted);
    await this.begin(host);
    return host;
  }

  begin(host: ModuleHost): Promise<void> {
    return host.start({
      onEvent: (event) => this.events.push(event),
      signal: new AbortController().signal,
    });
  }

  /** The modules that were warned of. */
  get warned(): readonly string[] {
    return this.events.flatMap(({ event }) =>
      event.eventType === 'supervisor.warning' ? [event.module] : [],
    );
  }

  async close(): Promise<void> {
    for (const host of this.#hosts) await host.shutdown({ deadlineMs: 1000 });
  }
}
