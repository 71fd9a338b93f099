import { randomUUID } from 'node:crypto';

import { errorText, isMobError } from '@mobkit/core';
import type {
  ScheduleClaim,
  ScheduleDefinition,
  ScheduleDispatch,
  ScheduleDispatchReport,
  ScheduleDue,
  ScheduleInjection,
  ScheduleInjector,
  ServiceHost,
  SupervisorSignal,
} from '@mobkit/core/ops';

import { checkSchedules, checkTick, type CheckedSchedule } from './check-schedules.js';
import { compareDue } from './evaluate.js';
import { supervisorSignal, toWireSignal } from './supervisor-signal.js';
import type { TickClaims } from './tick-claims.js';

/** A schedule that is seen for the first time fires what is overdue by at most this; what is older counts as fired. */
const FIRST_GRACE_MS = 30_000;

export interface TickDeps {
  readonly claims: TickClaims;
  /** Absent before there is one: nobody is told then. */
  readonly host: Pick<ServiceHost, 'modules' | 'tell'> | undefined;
  readonly injector: ScheduleInjector | undefined;
}

/** As `ScheduleEvaluator.dispatch`. */
export async function dispatchTick(
  deps: TickDeps,
  schedules: readonly ScheduleDefinition[],
  tickMs: number,
): Promise<ScheduleDispatchReport> {
  checkTick(tickMs);
  const due = await dueAt(deps.claims, checkSchedules(schedules), tickMs);
  const signal = supervisorSignal(deps.host?.modules);
  const dispatched: ScheduleDispatch[] = [];
  const skippedClaims: string[] = [];
  for (const one of due) {
    const claim = { ...one, claimKey: `${one.scheduleId}:${one.dueTickMs}`, tickMs };
    if (await deps.claims.claim(one.scheduleId, one.dueTickMs)) {
      if (dispatched.length === 0 && signal?.restartObserved) tellRestart(deps, signal, tickMs);
      dispatched.push(await dispatchClaim(deps, claim, signal));
    } else skippedClaims.push(claim.claimKey);
  }
  return { tickMs, dueCount: due.length, dispatched, skippedClaims };
}

/** What is to be claimed, in order. */
async function dueAt(
  claims: TickClaims,
  schedules: readonly CheckedSchedule[],
  tickMs: number,
): Promise<readonly ScheduleDue[]> {
  const found = await Promise.all(schedules.map((schedule) => dueOf(claims, schedule, tickMs)));
  return found.filter((due) => due !== undefined).toSorted(compareDue);
}

async function dueOf(
  claims: TickClaims,
  { scheduleId, interval, timezone, enabled, catchUp, times }: CheckedSchedule,
  tickMs: number,
): Promise<ScheduleDue | undefined> {
  const firedUntilMs = await claims.firedUntil(scheduleId);
  // Not before it was named: one that rests is not forgotten.
  if (!enabled) return undefined;
  const dueTickMs = times.latestAt(tickMs);
  const fresh = dueTickMs !== undefined && tickMs - dueTickMs <= FIRST_GRACE_MS;
  if (firedUntilMs === undefined && !fresh) await claims.begin(scheduleId, dueTickMs ?? tickMs);
  if (dueTickMs === undefined) return undefined;
  const had = firedUntilMs === undefined ? !fresh : firedUntilMs >= dueTickMs;
  if (had && (catchUp || dueTickMs !== tickMs)) return undefined;
  return { scheduleId, interval, timezone, dueTickMs };
}

async function dispatchClaim(
  deps: TickDeps,
  claim: ScheduleClaim,
  signal: SupervisorSignal | undefined,
): Promise<ScheduleDispatch> {
  const eventId = `evt-schedule-${randomUUID()}`;
  tellOf(deps, eventId, claim.tickMs, 'scheduling', 'dispatch', {
    schedule_id: claim.scheduleId,
    interval: claim.interval,
    timezone: claim.timezone,
    tick_ms: claim.tickMs,
    due_tick_ms: claim.dueTickMs,
    claim_key: claim.claimKey,
    supervisor_signal: signal ? toWireSignal(signal) : null,
  });
  const dispatch = { ...claim, eventId, ...(signal && { supervisorSignal: signal }) };
  try {
    const runtimeInjection = await injectionOf(deps, claim);
    return { ...dispatch, ...(runtimeInjection && { runtimeInjection }) };
  } catch (error) {
    const runtimeInjectionError = isMobError(error) ? `${error.code}: ${errorText(error)}` : errorText(error);
    const { scheduleId: schedule_id, claimKey: claim_key, tickMs } = claim;
    const failed = { schedule_id, claim_key, error: runtimeInjectionError };
    tellOf(deps, `${injectionId(tickMs)}-failed`, tickMs, 'runtime', 'runtime.injection.failed', failed);
    return { ...dispatch, runtimeInjectionError };
  }
}

async function injectionOf(deps: TickDeps, claim: ScheduleClaim): Promise<ScheduleInjection | undefined> {
  const message = await deps.injector?.injectionFor(claim);
  if (!message) return undefined;
  const { scheduleId: schedule_id, claimKey: claim_key, tickMs } = claim;
  const injection = { memberId: message.memberId, message: message.message };
  const injectionEventId = injectionId(tickMs);
  tellOf(deps, injectionEventId, tickMs, 'runtime', 'injection.dispatch', {
    schedule_id,
    claim_key,
    member_id: message.memberId,
    message: message.message,
  });
  return { ...injection, injectionEventId };
}

function injectionId(tickMs: number): string {
  return `evt-runtime-injection-${tickMs}-${randomUUID()}`;
}

function tellRestart(deps: TickDeps, signal: SupervisorSignal, tickMs: number): void {
  const eventId = `evt-schedule-${randomUUID()}`;
  tellOf(deps, eventId, tickMs, 'scheduling', 'supervisor.restart', toWireSignal(signal));
}

function tellOf(
  { host }: TickDeps,
  eventId: string,
  timestampMs: number,
  module: string,
  eventType: string,
  payload: object,
): void {
  host?.tell({ eventId, timestampMs, event: { kind: 'module', module, eventType, payload } });
}
