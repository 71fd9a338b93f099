import { errorText } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';
import type {
  ModuleEventListener,
  ScheduleDispatch,
  ScheduleDispatchReport,
  ScheduleInjection,
} from '@mobkit/core/ops';

export interface ScheduleDispatchDeps {
  readonly mob: Pick<MobHandle, 'send'>;
  /** Told what became of each message. */
  readonly tell: ModuleEventListener;
}

/** Sends the messages of what was due, one after the other; one that fails keeps none of the others. */
export async function injectDispatched(
  deps: ScheduleDispatchDeps,
  report: ScheduleDispatchReport,
): Promise<ScheduleDispatchReport> {
  const dispatched: ScheduleDispatch[] = [];
  for (const dispatch of report.dispatched) dispatched.push(await inject(deps, dispatch));
  return { ...report, dispatched };
}

async function inject(deps: ScheduleDispatchDeps, dispatch: ScheduleDispatch): Promise<ScheduleDispatch> {
  const { runtimeInjection: injection } = dispatch;
  if (!injection) return dispatch;
  const { memberId, message } = injection;
  try {
    const { sessionId } = await deps.mob.send(memberId, message, { from: 'schedule', internal: true });
    tell(deps, dispatch, injection, 'executed', { session_id: sessionId });
    return dispatch;
  } catch (cause) {
    const error = `mob injection failed: ${errorText(cause)}`;
    tell(deps, dispatch, injection, 'failed', { error_kind: 'mob_runtime', error });
    return { ...dispatch, runtimeInjectionError: error };
  }
}

function tell(
  deps: ScheduleDispatchDeps,
  { scheduleId, claimKey, tickMs }: ScheduleDispatch,
  { memberId, message, injectionEventId }: ScheduleInjection,
  outcome: 'executed' | 'failed',
  more: object,
): void {
  const about = { schedule_id: scheduleId, claim_key: claimKey, member_id: memberId, message };
  const eventType = `runtime.injection.${outcome}`;
  deps.tell({
    eventId: `${injectionEventId}-${outcome}`,
    timestampMs: tickMs,
    event: { kind: 'module', module: 'runtime', eventType, payload: { ...about, ...more } },
  });
}
