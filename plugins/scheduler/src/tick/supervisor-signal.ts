import type { ModuleHost, SupervisorSignal } from '@mobkit/core/ops';

/** The module that says what schedules tell members. */
const SCHEDULING = 'scheduling';

/** How that module is; undefined when nothing was ever heard of it. */
export function supervisorSignal(
  modules: Pick<ModuleHost, 'healthTransitions'> | undefined,
): SupervisorSignal | undefined {
  const transitions = modules?.healthTransitions().filter(({ moduleId }) => moduleId === SCHEDULING) ?? [];
  const latest = transitions.at(-1);
  if (!latest) return undefined;
  return {
    moduleId: SCHEDULING,
    latestState: latest.to,
    latestAttempt: latest.attempt,
    restartObserved: transitions.some(({ to }) => to === 'Restarting'),
  };
}

export function toWireSignal(signal: SupervisorSignal) {
  return {
    module_id: signal.moduleId,
    latest_state: signal.latestState,
    latest_attempt: signal.latestAttempt,
    restart_observed: signal.restartObserved,
  };
}
