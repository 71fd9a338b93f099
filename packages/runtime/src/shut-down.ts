import { type Clock, delay } from '@mobkit/core';
import type { MobShutdownReport } from '@mobkit/core/mob';

import { errorText } from './error-text.js';
import type { RuntimeDeps } from './runtime-deps.js';
import type { ShutdownReport } from './unified-runtime.js';

/** The final flush gets at least this, also when the agents have used up the drain timeout. */
const SHORTEST_FLUSH_MS = 5_000;

/** For an engine that does not come back, however often it promised: we go on without it. */
const ENGINE_GRACE_MS = 10_000;

/**
 * Ends a runtime to which nobody is admitted any more: agents first, while their events still pass the pump and their
 * tools still work, then the event log, then whoever reads. Never rejects.
 */
export async function shutDown(deps: RuntimeDeps): Promise<ShutdownReport> {
  const { live, eventSink, clock, drainTimeoutMs } = deps;
  const startedMs = clock.now();
  const elapsedMs = () => Math.max(clock.now() - startedMs, 0);
  const passedBefore = live.count;

  const stopped = await stopMob(deps);
  const mob = stopped ?? failed('The engine did not stop');
  const deadlineMs = Math.max(drainTimeoutMs - elapsedMs(), SHORTEST_FLUSH_MS);
  const unflushed = (await eventSink?.flush({ deadlineMs }))?.unflushed ?? 0;
  const drainDurationMs = elapsedMs();

  const errors = [...mob.errors];
  if (unflushed > 0) errors.push(`${unflushed} events had not reached the event log after ${deadlineMs} ms`);
  // An engine that still runs may still number events: such an epoch has no end that is known.
  if (stopped) {
    await deps.endEpoch().catch((error: unknown) => {
      errors.push(`The end of stream epoch ${live.epoch} was not kept: ${errorText(error)}`);
    });
  }
  live.close();
  await deps.broadcast.stop();

  return {
    drain: {
      drainedCount: live.count - passedBefore,
      timedOut: !stopped || mob.interrupted.length > 0 || unflushed > 0,
      drainDurationMs,
    },
    moduleShutdown: { terminatedModules: [], orphanProcesses: 0 },
    mobStop: mob.errors.length === 0 ? 'ok' : 'error',
    mob,
    ...(eventSink && { ingest: eventSink.stats() }),
    errors: [...errors, ...deps.guard.complaints],
  };
}

/** What the mob reports; undefined when it does not come back. */
function stopMob({ mob, clock, drainTimeoutMs }: RuntimeDeps): Promise<MobShutdownReport | undefined> {
  const stopped = mob
    .shutdown({ deadlineMs: drainTimeoutMs })
    .catch((error: unknown) => failed(errorText(error)));
  return within(clock, drainTimeoutMs + ENGINE_GRACE_MS, stopped);
}

function failed(error: string): MobShutdownReport {
  return { interrupted: [], errors: [error] };
}

/** What a promise resolves with; undefined when it has not after so long. */
async function within<T>(clock: Clock, longestMs: number, promise: Promise<T>): Promise<T | undefined> {
  const settled = new AbortController();
  try {
    return await Promise.race([promise, delay(clock, longestMs, settled.signal).then(() => undefined)]);
  } finally {
    settled.abort();
  }
}
