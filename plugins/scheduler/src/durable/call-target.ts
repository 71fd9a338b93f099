import { errorText, isMobError, type JsonValue, MobError, type MobErrorCode } from '@mobkit/core';
import type {
  ModuleHost,
  OccurrenceFailureClass,
  ScheduleFunction,
  ScheduleOccurrence,
} from '@mobkit/core/ops';
import type { MobHandle } from '@mobkit/core/mob';

/** Whom targets are looked up at. */
export interface TargetDeps {
  readonly mob: Pick<MobHandle, 'send' | 'runFlow' | 'flowEnd'>;
  readonly modules: Pick<ModuleHost, 'call'> | undefined;
  readonly functions: Readonly<Record<string, ScheduleFunction>>;
}

/** What came of asking a target. */
export type TargetOutcome =
  | EndedOutcome
  /** It is not over: this run is to be waited for. */
  | { readonly kind: 'running'; readonly runId: string };

export type EndedOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'missing'; readonly error: string }
  | {
      readonly kind: 'failed';
      readonly class: OccurrenceFailureClass;
      readonly error: string;
      /** Whether it may be asked again. */
      readonly retryable: boolean;
    };

const MISSING: readonly MobErrorCode[] = [
  'MOB_MEMBER_NOT_FOUND',
  'MOB_FLOW_NOT_FOUND',
  'MOB_MODULE_NOT_LOADED',
  'mobkit/schedule_function_unknown',
];

/** Asks the target of an occurrence to do what it is for. Never rejects. */
export async function callTarget(
  deps: TargetDeps,
  occurrence: ScheduleOccurrence,
  signal: AbortSignal,
): Promise<TargetOutcome> {
  try {
    return await ask(deps, occurrence, signal);
  } catch (error) {
    if (MISSING.some((code) => isMobError(error, code))) return { kind: 'missing', error: errorText(error) };
    const failed = FAILURES[occurrence.target.kind];
    const retryable = isMobError(error) && error.retryable;
    return { kind: 'failed', class: failed, error: errorText(error), retryable };
  }
}

/** How a run that was begun has ended. Never rejects, but for `signal`. */
export async function awaitFlow(
  { mob }: TargetDeps,
  runId: string,
  signal: AbortSignal,
): Promise<EndedOutcome> {
  try {
    const { status } = await mob.flowEnd(runId, signal);
    if (status === 'completed') return { kind: 'done' };
    return { kind: 'failed', class: 'flow_failed', error: `Run ${runId} is ${status}`, retryable: false };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'failed', class: 'flow_failed', error: errorText(error), retryable: false };
  }
}

const FAILURES = {
  member: 'mob_rejected',
  flow: 'mob_rejected',
  module: 'module_failed',
  function: 'function_failed',
} as const satisfies Readonly<Record<ScheduleOccurrence['target']['kind'], OccurrenceFailureClass>>;

async function ask(
  { mob, modules, functions }: TargetDeps,
  occurrence: ScheduleOccurrence,
  signal: AbortSignal,
): Promise<TargetOutcome> {
  const { target, idempotencyKey } = occurrence;
  switch (target.kind) {
    case 'member': {
      const options = { from: 'schedule', internal: true, interactionId: idempotencyKey };
      await mob.send(target.memberId, target.message, options);
      return { kind: 'done' };
    }
    case 'flow':
      return { kind: 'running', runId: await mob.runFlow(target.flowId, target.params) };
    case 'module': {
      const { moduleId, method, params } = target;
      if (!modules) throw missing('MOB_MODULE_NOT_LOADED', `Module "${moduleId}" is not loaded`);
      await modules.call({ moduleId, method, signal, ...(params !== undefined && { params }) });
      return { kind: 'done' };
    }
    case 'function': {
      const run = Object.hasOwn(functions, target.name) ? functions[target.name] : undefined;
      if (!run) throw missing('mobkit/schedule_function_unknown', `No function is named "${target.name}"`);
      await run({ ...callOf(occurrence), ...paramsOf(target.params), signal });
      return { kind: 'done' };
    }
  }
}

function callOf({ scheduleId, occurrenceId, dueAtMs, idempotencyKey, attempts }: ScheduleOccurrence) {
  return { scheduleId, occurrenceId, dueAtMs, idempotencyKey, attempt: attempts };
}

function paramsOf(params: JsonValue | undefined): { readonly params?: JsonValue } {
  return params === undefined ? {} : { params };
}

function missing(code: MobErrorCode, message: string): MobError {
  return new MobError(code, message);
}
