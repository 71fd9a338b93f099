import { type Clock, errorText, within } from '@mobkit/core';
import type { MobShutdownReport } from '@mobkit/core/mob';
import type { ModuleShutdown } from '@mobkit/core/ops';

import type { RuntimeDeps } from './runtime-deps.js';
import { stopServices } from './services.js';
import type { ShutdownReport } from './unified-runtime.js';

/** The final flush gets at least this, also when the agents have used up the drain timeout. */
const SHORTEST_FLUSH_MS = 5_000;

/** For a part that does not come back, however often it promised: we go on without it. */
const GRACE_MS = 10_000;

/**
 * Ends a runtime to which nobody is admitted any more: what fires by itself first, then agents, while their events still pass
 * the pump and their tools still work, then what they asked for, then modules, then the event log, then whoever reads. Never rejects, and waits for no part longer than `GRACE_MS`
 * beyond its own deadline.
 */
export async function shutDown(deps: RuntimeDeps): Promise<ShutdownReport> {
  const { live, eventSink, clock, drainTimeoutMs, errors: errorEvents, stages } = deps;
  stages.reach('ShutdownRequested');
  const startedMs = clock.now();
  const elapsedMs = () => Math.max(clock.now() - startedMs, 0);
  const leftMs = () => Math.max(drainTimeoutMs - elapsedMs(), SHORTEST_FLUSH_MS);
  const passedBefore = live.count;

  // Nobody is admitted, and a mob that ends refuses what is left of a reconcile under way.
  const reconciled = deps.drift.stop();
  const retired = deps.idle.stop();
  const { scheduler, gate, delivery } = deps;
  // Without one the agents are told to end at once, and not a moment later.
  const unfired = scheduler
    ? await stopServices([{ name: 'scheduler', service: scheduler }], leftMs, clock)
    : [];
  const stopped = await stopMob(deps);
  const mob = stopped ?? failed('The engine did not stop');
  // Agents ask the gate, and both hand messages to the delivery.
  const served = [
    { name: 'gate', service: gate },
    { name: 'delivery', service: delivery },
  ];
  const errors = [
    ...mob.errors,
    ...unfired,
    ...(await stopServices(served, leftMs, clock)),
    ...(await failuresOf(clock, 'A reconcile did not end', () => reconciled)),
    ...(await failuresOf(clock, 'A retirement did not end', () => retired)),
  ];

  // Before the flush: that they end is told.
  deps.interactions.close();
  deps.endResolved();
  const modules = await stopModules(deps, leftMs());
  if (modules.error !== undefined) errors.push(modules.error);

  const flushed = await flush(deps, leftMs());
  if (flushed.error !== undefined) errors.push(flushed.error);
  const drainDurationMs = elapsedMs();

  // An engine that still runs may still number events: such an epoch has no end that is known.
  if (stopped) {
    const what = `The end of stream epoch ${live.epoch} was not kept`;
    errors.push(...(await failuresOf(clock, what, () => deps.endEpoch())));
  }
  live.close();
  errors.push(...(await failuresOf(clock, 'The structural events did not end', () => deps.broadcast.stop())));
  errors.push(...(await failuresOf(clock, 'The error hook did not end', () => errorEvents.settled())));
  stages.reach('ShutdownComplete');

  return {
    drain: {
      drainedCount: live.count - passedBefore,
      timedOut: !stopped || mob.interrupted.length > 0 || flushed.error !== undefined,
      drainDurationMs,
    },
    moduleShutdown: modules.report,
    mobStop: mob.errors.length === 0 ? 'ok' : 'error',
    mob,
    ...(eventSink && { ingest: eventSink.stats() }),
    errors: [...errors, ...deps.guard.complaints, ...errorEvents.complaints],
  };
}

/** What the mob reports; undefined when it does not come back. */
function stopMob({ mob, clock, drainTimeoutMs }: RuntimeDeps): Promise<MobShutdownReport | undefined> {
  const stop = async () => mob.shutdown({ deadlineMs: drainTimeoutMs });
  const stopped = stop().catch((error: unknown) => failed(errorText(error)));
  return within(clock, drainTimeoutMs + GRACE_MS, stopped);
}

function failed(error: string): MobShutdownReport {
  return { interrupted: [], errors: [error] };
}

/** What the modules report; that none ended when the host of them does not come back. */
async function stopModules(
  { modules, clock }: RuntimeDeps,
  deadlineMs: number,
): Promise<{ readonly report: ModuleShutdown; readonly error?: string }> {
  const report: ModuleShutdown = { terminatedModules: [], orphanProcesses: 0 };
  if (!modules) return { report };
  try {
    const given = await within(clock, deadlineMs + GRACE_MS, modules.shutdown({ deadlineMs }));
    return given ? { report: given } : { report, error: 'The modules did not stop' };
  } catch (error) {
    return { report, error: `The modules did not stop: ${errorText(error)}` };
  }
}

/** Says what is wrong when not everything has reached the log. */
async function flush(
  { eventSink, clock }: RuntimeDeps,
  deadlineMs: number,
): Promise<{ readonly error?: string }> {
  if (!eventSink) return {};
  try {
    const flushing = eventSink.flush({ deadlineMs, retryNow: true });
    const report = await within(clock, deadlineMs + GRACE_MS, flushing);
    if (!report) return { error: `The event sink did not end its final flush of ${deadlineMs} ms` };
    const { unflushed } = report;
    if (unflushed === 0) return {};
    return { error: `${unflushed} events had not reached the event log after ${deadlineMs} ms` };
  } catch (error) {
    return { error: `The final flush of the event sink failed: ${errorText(error)}` };
  }
}

/** Why something did not end; empty when it did. */
async function failuresOf(clock: Clock, what: string, end: () => Promise<void>): Promise<readonly string[]> {
  try {
    const ended = await within(
      clock,
      GRACE_MS,
      end().then(() => true),
    );
    return ended ? [] : [`${what}: no answer after ${GRACE_MS} ms`];
  } catch (error) {
    return [`${what}: ${errorText(error)}`];
  }
}
