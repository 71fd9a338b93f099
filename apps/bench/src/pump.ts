import { setTimeout as sleep } from 'node:timers/promises';

import { createEventIngestion } from '@mobkit/event-log';
import type { AgentEventListener, MobEngine } from '@mobkit/core/mob';
import { createMobEngine } from '@mobkit/mob';
import { bootstrapRuntime, type UnifiedRuntime } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';
import { openSqliteStores } from '@mobkit/store-sqlite';

import type { Bench } from './bench.js';
import { percentile } from './percentile.js';
import { postGcHeap } from './post-gc-heap.js';
import { spawnedAndSeen } from './pump-spawns.js';
import { scaled } from './scale.js';
import { slope } from './slope.js';
import { diskOfTemporaryFiles, inTemporaryDirectory } from './temporary-directory.js';

const FAST_PER_S = 5_000;
const STEADY_PER_S = 2_000;
const AGENTS = 50;
/** Of the steady run: until buffers and caches have their size. */
const WARM_UP = 0.2;
const HEAP_SAMPLES = 48;

/** How events get from the engine to who watches: how fast, without loss, and without anything that grows. */
export const pump: Bench = {
  name: 'pump',
  about: 'events of agents, 300 B each, into a live subscriber and an event log',
  async run(progress) {
    const fastS = scaled(1_000) / 50;
    const steadyS = scaled(60_000) / 100;
    progress(`pump: ${FAST_PER_S} events a second for ${fastS} s, twice`);
    const fast = await measure(await openMemoryStores(), FAST_PER_S, fastS, 0);
    const onDisk = await inTemporaryDirectory(async (directory) =>
      measure(await openSqliteStores({ directory }), FAST_PER_S, fastS, 0),
    );
    const spawns = scaled(10_000);
    progress(`pump: ${spawns} members, each with a message as soon as it is there`);
    const lost = await spawnedAndSeen(spawns);
    progress(`pump: ${STEADY_PER_S} events a second for ${steadyS} s`);
    const steady = await inTemporaryDirectory(async (directory) =>
      measure(await openSqliteStores({ directory }), STEADY_PER_S, steadyS, HEAP_SAMPLES),
    );
    return {
      settings: {
        sqlite_disk: await diskOfTemporaryFiles(),
        fast_events_per_s: FAST_PER_S,
        fast_s: fastS,
        spawns,
        steady_events_per_s: STEADY_PER_S,
        steady_s: steadyS,
        slope_over_last_s: steadyS * (1 - WARM_UP),
      },
      samples: {
        p50_ms: [fast.p50Ms],
        p99_ms: [fast.p99Ms],
        p99_due_ms: [fast.p99DueMs],
        sqlite_p50_ms: [onDisk.p50Ms],
        sqlite_p99_ms: [onDisk.p99Ms],
        lost: [lost + fast.missing + onDisk.missing + steady.missing],
        heap_slope_mb_per_min: [steady.heapSlope],
        heap_mb: [steady.heapMb],
      },
    };
  },
};

interface Run {
  /** From the call of the engine until the subscriber has it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The same from when the event was due, so that whatever held the engine up counts, too. */
  readonly p99DueMs: number;
  /** Events that the subscriber was not given, or the log has not kept. */
  readonly missing: number;
  /** Of the heap after collections, in MB a minute. */
  readonly heapSlope: number;
  readonly heapMb: number;
}

type Stores = Awaited<ReturnType<typeof openMemoryStores>>;

async function measure(
  { storage, eventLog, metadata, close }: Stores,
  perS: number,
  seconds: number,
  heapSamples: number,
): Promise<Run> {
  const ingestion = createEventIngestion({ store: eventLog });
  const tap = tapped(createMobEngine({ storage, providers: () => [], allowEphemeralSessions: true }));
  const runtime = await bootstrapRuntime({
    engine: tap.engine,
    definition: { id: 'bench', profiles: { worker: { model: 'none', tools: { comms: true } } } },
    storage,
    metadata,
    eventLog,
    eventSink: ingestion,
  });
  try {
    const total = Math.round(perS * seconds);
    const seen = watch(runtime, total);
    const heap = await emit(tap.emit, { perS, total, heapSamples });
    const { p50Ms, p99Ms, p99DueMs, given } = await seen;
    await runtime.drain();
    const { persisted } = ingestion.stats();
    const missing = Math.max(total - given, total - persisted);
    return { p50Ms, p99Ms, p99DueMs, missing, ...heap };
  } finally {
    await runtime.shutdown();
    await ingestion.close();
    await close();
  }
}

/** A real engine, with the listener it tells events to, so that they come as fast as they are wanted. */
function tapped(engine: MobEngine) {
  let listener: AgentEventListener = () => {};
  return {
    emit: ((event) => listener(event)) satisfies AgentEventListener,
    engine: {
      open: (options) => {
        listener = options.onAgentEvent ?? listener;
        return engine.open(options);
      },
      ...(engine.childMobs && { childMobs: engine.childMobs }),
    } satisfies MobEngine,
  };
}

/** Keeps no sample: one of a run that lasts would grow, and the heap is what is measured. */
class Histogram {
  /** In steps of a hundredth of a millisecond, up to 10 s; all of them are made before the run. */
  readonly #counts = new Uint32Array(1_000_000);

  add(ms: number): void {
    const at = Math.min(Math.round(ms * 100), this.#counts.length - 1);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  percentile(percent: number): number {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    let left = Math.ceil((total * percent) / 100);
    return this.#counts.findIndex((count) => (left -= count) <= 0) / 100;
  }
}

async function watch(runtime: UnifiedRuntime, total: number) {
  const taken = new Histogram();
  const due = new Histogram();
  let given = 0;
  for await (const item of runtime.agentEvents({})) {
    if (item.type === 'gap') {
      const { from, to } = item.gap;
      // Not given, and nothing to wait for.
      total -= to.n - from.n;
    } else {
      const { at_ms: atMs, due_ms: dueMs } = item.event.event.payload as {
        readonly at_ms: number;
        readonly due_ms: number;
      };
      const nowMs = performance.now();
      taken.add(nowMs - atMs);
      due.add(nowMs - dueMs);
      given += 1;
    }
    if (given >= total) break;
  }
  return {
    given,
    p50Ms: taken.percentile(50),
    p99Ms: taken.percentile(99),
    p99DueMs: due.percentile(99),
  };
}

interface Pace {
  readonly perS: number;
  readonly total: number;
  /** How often the heap is collected and looked at: never, where latency is measured. */
  readonly heapSamples: number;
}

async function emit(tell: AgentEventListener, { perS, total, heapSamples }: Pace) {
  const startedMs = performance.now();
  const heaps: (readonly [minute: number, mb: number])[] = [];
  const totalMs = (total / perS) * 1_000;
  const everyMs = (totalMs * (1 - WARM_UP)) / heapSamples;
  let nextHeapMs = heapSamples > 0 ? totalMs * WARM_UP : Infinity;
  for (let sent = 0; sent < total; await sleep(1)) {
    const elapsedMs = performance.now() - startedMs;
    for (const until = Math.min(total, Math.floor((elapsedMs / 1_000) * perS)); sent < until; sent += 1) {
      tell(deltaEvent(sent, startedMs + (sent / perS) * 1_000));
    }
    if (elapsedMs < nextHeapMs) continue;
    nextHeapMs += everyMs;
    heaps.push([elapsedMs / 60_000, postGcHeap() / 1e6]);
  }
  const heapMb = percentile(
    heaps.map(([, mb]) => mb),
    50,
  );
  return { heapSlope: slope(heaps), heapMb };
}

function deltaEvent(n: number, dueMs: number): Parameters<AgentEventListener>[0] {
  const identity = `worker-${n % AGENTS}`;
  return {
    eventId: `${process.pid}-${n}`,
    seq: n,
    mobId: 'bench',
    source: { identity, generation: 0 },
    fenceToken: 1,
    role: 'worker',
    sessionId: identity,
    timestampMs: Date.now(),
    interactionId: 'bench',
    payload: Object.assign({ type: 'text_delta', delta: 'x'.repeat(200) } as const, {
      at_ms: performance.now(),
      due_ms: dueMs,
    }),
  };
}
