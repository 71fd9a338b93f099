import type {
  MisfirePolicy,
  NewSchedule,
  Schedule,
  ScheduleChange,
  ScheduleOccurrence,
  ScheduleTarget,
  ScheduleTrigger,
} from '@mobkit/core/ops';

import type { CreateScheduleParams, UpdateScheduleParams } from './schedule-params.js';

type WireScheduleChange = Omit<UpdateScheduleParams, 'schedule_id' | 'expected_revision'>;

export function fromWireSchedule(given: CreateScheduleParams): NewSchedule {
  const { schedule_id: scheduleId, trigger, target, ...change } = given;
  return { ...fromWireChange(change), scheduleId, trigger: fromTrigger(trigger), target: fromTarget(target) };
}

export function fromWireChange(given: WireScheduleChange): ScheduleChange {
  const { name, description, labels, trigger, target, misfire, overlap, missing_target } = given;
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(labels && { labels }),
    ...(trigger && { trigger: fromTrigger(trigger) }),
    ...(target && { target: fromTarget(target) }),
    ...(misfire && { misfire: fromMisfire(misfire) }),
    ...(overlap && { overlap }),
    ...(missing_target && { missingTarget: missing_target }),
  };
}

/** As clients read it; fields of no value are left out. */
export function toWireSchedule(schedule: Schedule) {
  return {
    schedule_id: schedule.scheduleId,
    phase: schedule.phase,
    revision: schedule.revision,
    name: schedule.name,
    description: schedule.description,
    labels: schedule.labels,
    trigger: toWireTrigger(schedule.trigger),
    target: toWireTarget(schedule.target),
    misfire: toWireMisfire(schedule.misfire),
    overlap: schedule.overlap,
    missing_target: schedule.missingTarget,
    next_due_at_ms: schedule.nextDueAtMs,
    last_due_at_ms: schedule.lastDueAtMs,
    occurrences: schedule.occurrences,
    created_at_ms: schedule.createdAtMs,
    updated_at_ms: schedule.updatedAtMs,
    deleted_at_ms: schedule.deletedAtMs,
  };
}

/** A schedule, spelt as on the wire. */
export type WireSchedule = ReturnType<typeof toWireSchedule>;

export function toWireOccurrence(occurrence: ScheduleOccurrence) {
  return {
    occurrence_id: occurrence.occurrenceId,
    schedule_id: occurrence.scheduleId,
    schedule_revision: occurrence.scheduleRevision,
    ordinal: occurrence.ordinal,
    due_at_ms: occurrence.dueAtMs,
    phase: occurrence.phase,
    target: toWireTarget(occurrence.target),
    idempotency_key: occurrence.idempotencyKey,
    attempts: occurrence.attempts,
    claimed_by: occurrence.claimedBy,
    failure: occurrence.failure,
    receipts: occurrence.receipts.map(({ stage, atMs, attempt, detail }) => {
      return { stage, at_ms: atMs, attempt, detail };
    }),
    run_id: occurrence.runId,
    created_at_ms: occurrence.createdAtMs,
    completed_at_ms: occurrence.completedAtMs,
  };
}

/** An occurrence of a schedule, spelt as on the wire. */
export type WireOccurrence = ReturnType<typeof toWireOccurrence>;

function fromTrigger(given: CreateScheduleParams['trigger']): ScheduleTrigger {
  switch (given.type) {
    case 'once':
      return { type: 'once', dueAtMs: given.due_at_ms };
    case 'interval': {
      const { type, start_at_ms: startAtMs, every_ms: everyMs, end_at_ms: endAtMs } = given;
      return { type, startAtMs, everyMs, ...(endAtMs !== undefined && { endAtMs }) };
    }
    case 'cron': {
      const { type, expression, timezone, jitter_ms: jitterMs } = given;
      return {
        type,
        expression,
        ...(timezone !== undefined && { timezone }),
        ...(jitterMs !== undefined && { jitterMs }),
      };
    }
  }
}

function toWireTrigger(trigger: ScheduleTrigger) {
  switch (trigger.type) {
    case 'once':
      return { type: trigger.type, due_at_ms: trigger.dueAtMs };
    case 'interval': {
      const { type, startAtMs, everyMs, endAtMs } = trigger;
      return { type, start_at_ms: startAtMs, every_ms: everyMs, end_at_ms: endAtMs };
    }
    case 'cron': {
      const { type, expression, timezone = 'UTC', jitterMs } = trigger;
      return { type, expression, timezone, jitter_ms: jitterMs };
    }
  }
}

function fromTarget(given: CreateScheduleParams['target']): ScheduleTarget {
  const params = 'params' in given && given.params !== undefined ? { params: given.params } : {};
  switch (given.kind) {
    case 'member':
      return { kind: 'member', memberId: given.member_id, message: given.message };
    case 'flow':
      return { kind: 'flow', flowId: given.flow_id, ...params };
    case 'module':
      return { kind: 'module', moduleId: given.module_id, method: given.method, ...params };
    case 'function':
      return { kind: 'function', name: given.name, ...params };
  }
}

function toWireTarget(target: ScheduleTarget) {
  switch (target.kind) {
    case 'member':
      return { kind: target.kind, member_id: target.memberId, message: target.message };
    case 'flow':
      return { kind: target.kind, flow_id: target.flowId, params: target.params };
    case 'module': {
      const { kind, moduleId, method, params } = target;
      return { kind, module_id: moduleId, method, params };
    }
    case 'function':
      return { kind: target.kind, name: target.name, params: target.params };
  }
}

function fromMisfire(given: NonNullable<CreateScheduleParams['misfire']>): MisfirePolicy {
  if (given.type === 'all') return { type: 'all', windowMs: given.window_ms };
  if (given.type === 'one') return given;
  return { type: 'skip', ...(given.grace_ms !== undefined && { graceMs: given.grace_ms }) };
}

function toWireMisfire(misfire: MisfirePolicy) {
  if (misfire.type === 'all') return { type: misfire.type, window_ms: misfire.windowMs };
  if (misfire.type === 'one') return { type: misfire.type };
  return { type: misfire.type, grace_ms: misfire.graceMs };
}
