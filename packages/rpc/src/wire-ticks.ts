import type { ScheduleDispatch, ScheduleDispatchReport, ScheduleEvaluation } from '@mobkit/core/ops';

export function toWireEvaluation({ tickMs, dueTriggers }: ScheduleEvaluation) {
  return {
    tick_ms: tickMs,
    due_triggers: dueTriggers.map(({ scheduleId, interval, timezone, dueTickMs }) => {
      return { schedule_id: scheduleId, interval, timezone, due_tick_ms: dueTickMs };
    }),
  };
}

export function toWireDispatchReport(report: ScheduleDispatchReport) {
  return {
    tick_ms: report.tickMs,
    due_count: report.dueCount,
    dispatched: report.dispatched.map(toWireDispatch),
    skipped_claims: report.skippedClaims,
  };
}

function toWireDispatch(dispatch: ScheduleDispatch) {
  const { supervisorSignal: signal, runtimeInjection: injection } = dispatch;
  return {
    claim_key: dispatch.claimKey,
    schedule_id: dispatch.scheduleId,
    interval: dispatch.interval,
    timezone: dispatch.timezone,
    due_tick_ms: dispatch.dueTickMs,
    tick_ms: dispatch.tickMs,
    event_id: dispatch.eventId,
    supervisor_signal: signal
      ? {
          module_id: signal.moduleId,
          latest_state: signal.latestState,
          latest_attempt: signal.latestAttempt,
          restart_observed: signal.restartObserved,
        }
      : null,
    runtime_injection: injection
      ? {
          member_id: injection.memberId,
          message: injection.message,
          injection_event_id: injection.injectionEventId,
        }
      : null,
    runtime_injection_error: dispatch.runtimeInjectionError ?? null,
  };
}
