import type { ErrorEvent, EventLogStore, PersistentMetadataStore, Storage } from '@mobkit/core';
import { ManualClock } from '@mobkit/contract-kit';
import { openMemoryStores } from '@mobkit/store-memory';

import { type BootstrapOptions, bootstrapRuntime } from '../../src/bootstrap-runtime.js';
import type { RuntimeParts } from '../../src/runtime-parts.js';
import { BufferSink } from './buffer-sink.js';
import { SmallEngine, type SmallMob } from './small-engine.js';

const definition = { id: 'demo', profiles: { worker: { model: 'scripted', tools: { comms: true } } } };

export interface World {
  readonly clock: ManualClock;
  readonly storage: Storage;
  readonly eventLog: EventLogStore;
  readonly metadata: PersistentMetadataStore;
  readonly engine: SmallEngine;
  readonly sink: BufferSink;
  readonly told: ErrorEvent[];
  readonly parts: RuntimeParts & { readonly drainTimeoutMs: number };
}

/** Everything a runtime needs, on one memory. */
export async function world(): Promise<World> {
  const clock = new ManualClock(1_000);
  const { storage, eventLog, metadata } = await openMemoryStores();
  const engine = new SmallEngine(storage, clock);
  const sink = new BufferSink(eventLog);
  const told: ErrorEvent[] = [];
  const onError = (event: ErrorEvent) => void told.push(event);
  const stores = { storage, eventLog, metadata };
  const parts = { ...stores, engine, definition, eventSink: sink, onError, clock, drainTimeoutMs: 30_000 };
  return { ...stores, clock, engine, sink, told, parts };
}

/** Parts to put in place of the usual ones; `undefined` leaves one out. */
type SomeParts = { readonly [Part in keyof RuntimeParts]?: RuntimeParts[Part] | undefined };

/** A runtime in that world, or in a new one; start a second in the same for a restart. */
export async function startRuntime(given: SomeParts = {}, around?: World, options?: BootstrapOptions) {
  const here = around ?? (await world());
  const runtime = await bootstrapRuntime(Object.assign({}, here.parts, given), options);
  const mob = here.engine.opened.at(-1) as SmallMob;
  return { ...here, runtime, mob };
}
