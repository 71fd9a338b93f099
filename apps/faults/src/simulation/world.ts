import { SeededRandom, SimulatedEngine, SimulatedStorage, VirtualTime } from '@mobkit/contract-kit';
import {
  deadLettersOver,
  delay,
  discoveryOf,
  edgeDiscoveryOf,
  type ErrorEvent,
  eventLogOver,
  metadataOver,
  type Storage,
} from '@mobkit/core';
import type { AgentEventEnvelope, AgentEventListener, MobDefinition } from '@mobkit/core/mob';
import { createEventIngestion } from '@mobkit/event-log';
import { createMobEngine } from '@mobkit/mob';
import type { RuntimeParts } from '@mobkit/runtime';

import { seededModel } from './seeded-model.js';
import type { Trace } from './trace.js';

/** How long a runtime lets its turns end; what follows has limits of its own. */
export const DRAIN_TIMEOUT_MS = 5_000;

/** Who members may be. */
export const IDENTITIES = ['a', 'b', 'c'];

const simulated: MobDefinition = {
  id: 'sim',
  profiles: {
    worker: {
      model: 'seeded',
      tools: { comms: true },
      external_addressable: true,
      runtime_mode: 'turn_driven',
    },
  },
};

/** What one process has: opened on a storage that outlives it, and cut off from it when the process is killed. */
export interface Process {
  readonly clock: VirtualTime;
  readonly storage: SimulatedStorage;
  readonly engine: SimulatedEngine;
  readonly parts: RuntimeParts;
  readonly agentEvents: readonly AgentEventEnvelope[];
  readonly told: readonly ErrorEvent[];
  /** Ends faults. */
  calm(): void;
  /** Closes what the runtime was given. */
  close(): Promise<void>;
}

/** What is broken on purpose, absent: nothing. */
export interface Sabotage {
  /** Every end of a run is told twice. */
  readonly tellsTwice?: boolean;
  /** One read in five leaves out the first entry it should answer. */
  readonly skipsEntries?: boolean;
  /** Opening a mob leaves a timer behind. */
  readonly leavesTimer?: boolean;
  /** A shutdown does not come back. */
  readonly hangs?: boolean;
}

export interface ProcessOptions {
  readonly kept: Storage;
  readonly seed: number;
  readonly nowMs: number;
  readonly trace: Trace;
  readonly faulty: boolean;
  readonly sabotage: Sabotage;
}

/** Puts a process together, with ids, delays and faults of its own seed. */
export async function startProcess({
  kept,
  seed,
  nowMs,
  trace,
  faulty,
  sabotage,
}: ProcessOptions): Promise<Process> {
  const random = new SeededRandom(seed);
  const clock = new VirtualTime(random, nowMs);
  trace.now = () => clock.now();
  let faults = faulty;
  const storage = new SimulatedStorage({
    inner: sabotage.skipsEntries ? skippingEntries(kept, random) : kept,
    random,
    clock,
    faults: { unavailable: 0, lostAnswer: 0, slowestMs: random.whole(0, 8) },
  });
  const agentEvents: AgentEventEnvelope[] = [];
  const told: ErrorEvent[] = [];
  const onError = (event: ErrorEvent) => {
    told.push(event);
    trace.add(`error ${event.category}`);
  };
  let ids = 0;
  const inner = createMobEngine({
    storage,
    clock,
    providers: () => [seededModel(random, clock, () => faults)],
    allowEphemeralSessions: true,
    newId: () => `${seed.toString(36)}-${(ids += 1).toString().padStart(6, '0')}`,
  });
  const engine = new SimulatedEngine({
    inner: {
      ...inner,
      open: async (options) => {
        const onAgentEvent: AgentEventListener = (event) => {
          agentEvents.push(event);
          trace.add(`${event.source.identity} ${event.payload.type}`);
          if (sabotage.tellsTwice && event.payload.type === 'run_completed') agentEvents.push(event);
          options.onAgentEvent?.(event);
        };
        if (sabotage.leavesTimer) clock.after(1e9, () => {});
        const opened = await inner.open({ ...options, onAgentEvent });
        if (sabotage.hangs) opened.mob.whenIdle = () => new Promise(() => {});
        return opened;
      },
    },
    random,
    clock,
    faults: { open: 0, command: 0, afterCommand: 0, slowestMs: random.whole(0, 5) },
  });
  // Whoever opens the stores of a process does not start it when they do not open.
  const opening = Promise.all([eventLogOver(storage), deadLettersOver(storage), metadataOver(storage)]);
  const [eventLog, deadLetters, metadata] = await clock.until(opening, 10_000, 'Opening the stores');
  if (faulty) {
    const share = random.pick([0, 0.01, 0.05]);
    storage.faults = { ...storage.faults, unavailable: share, lostAnswer: share };
    engine.faults = { ...engine.faults, open: 0.1, command: share, afterCommand: share };
  }
  const sink = createEventIngestion({ store: eventLog, deadLetters, clock, onError, batchSize: 16 });
  return {
    clock,
    storage,
    engine,
    agentEvents,
    told,
    parts: {
      engine,
      definition: simulated,
      storage,
      metadata,
      eventSink: sink,
      eventLog,
      deadLetters,
      onError,
      clock,
      ...sources(random, clock, () => faults),
      drainTimeoutMs: DRAIN_TIMEOUT_MS,
      hookTimeoutMs: 1_000,
    },
    calm() {
      faults = false;
      storage.faults = { ...storage.faults, unavailable: 0, lostAnswer: 0 };
      engine.faults = { ...engine.faults, open: 0, command: 0, afterCommand: 0 };
    },
    close: async () => void (await sink.close({ deadlineMs: 1_000 })),
  };
}

/** Who should exist, and who should talk to whom: another answer each time, sometimes none, sometimes never. */
function sources(
  random: SeededRandom,
  clock: VirtualTime,
  faults: () => boolean,
): Pick<RuntimeParts, 'discovery' | 'edgeDiscovery' | 'reconcile'> {
  const some = (from: readonly string[]) => from.filter(() => random.chance(0.6));
  let wanted = some(IDENTITIES);
  const trouble = async (signal: AbortSignal) => {
    await delay(clock, random.whole(0, 20), signal);
    signal.throwIfAborted();
    if (!faults()) return;
    if (random.chance(0.1)) throw new Error('the source is away');
    if (random.chance(0.05)) await new Promise(() => {});
  };
  return {
    discovery: discoveryOf(async ({ signal }) => {
      await trouble(signal);
      if (faults() && random.chance(0.3)) wanted = some(IDENTITIES);
      return wanted.map((identity) => ({ identity, profile: 'worker' }));
    }),
    edgeDiscovery: edgeDiscoveryOf(async (members, { signal }) => {
      await trouble(signal);
      const [a, b] = members;
      return a && b ? [{ a: a.identity, b: b.identity }] : [];
    }),
    reconcile: { mode: random.pick(['report', 'converge']) },
  };
}

/** Reads of logs that leave an entry out, as if it were not there. */
function skippingEntries(kept: Storage, random: SeededRandom): Storage {
  return {
    supports: kept.supports,
    prepare: (definitions) => kept.prepare(definitions),
    records: (definition) => kept.records(definition),
    contents: () => kept.contents(),
    commit: (write) => kept.commit(write),
    log: (...given) => {
      const log = kept.log(...given);
      return {
        append: (entries, options) => log.append(entries, options),
        bounds: () => log.bounds(),
        prune: (bounds) => log.prune(bounds),
        onAppend: (wake) => log.onAppend(wake),
        read: async (query) => {
          const page = await log.read(query);
          return random.chance(0.2) ? { ...page, entries: page.entries.slice(1) } : page;
        },
      };
    },
  };
}
