import { checkText, isRecord, MobError } from '@mobkit/core';
import type {
  MisfirePolicy,
  NewSchedule,
  ScheduleChange,
  ScheduleTarget,
  ScheduleTrigger,
} from '@mobkit/core/ops';

import { LAST_DATE_MS, triggerTimes } from './trigger-times.js';

/** The idempotency key has it twice, and is what a member takes for an interaction id. */
const LONGEST_ID = 150;

const LONGEST_NAME = 200;

/** What a target is given, a message or params as JSON. */
const LONGEST_CONTENT = 262_144;

const SHORTEST_INTERVAL_MS = 1_000;

/**
 * Checks a schedule as `Scheduler.create` does.
 *
 * @throws MobError `MOB_SCHEDULE_INVALID` (`details.field`, in the spelling of the wire).
 */
export function checkSchedule(schedule: NewSchedule): void {
  checkDurableId(schedule.scheduleId);
  if (!isRecord(schedule.trigger)) throw invalid('trigger', 'must be an object');
  if (!isRecord(schedule.target)) throw invalid('target', 'must be an object');
  checkChange(schedule.scheduleId, schedule);
}

/** @throws MobError `MOB_SCHEDULE_INVALID`. */
function checkDurableId(scheduleId: string): void {
  if (isName(scheduleId, LONGEST_ID) && scheduleId === scheduleId.trim()) return;
  throw invalid('schedule_id', `must be 1 to ${LONGEST_ID} characters without blanks around them`);
}

/** @throws MobError `MOB_SCHEDULE_INVALID`, also for a trigger that is never due. */
export function checkChange(scheduleId: string, change: ScheduleChange): void {
  const { name, description, labels, trigger, target, misfire, overlap, missingTarget } = change;
  if (name !== undefined && !isName(name, LONGEST_NAME)) throw notName('name');
  if (description !== undefined && typeof description !== 'string')
    throw invalid('description', 'must be text');
  if (labels !== undefined && !areLabels(labels)) throw invalid('labels', 'must be an object of texts');
  if (trigger !== undefined) checkTrigger(scheduleId, trigger);
  if (target !== undefined) checkTarget(target);
  if (misfire !== undefined) checkMisfire(misfire);
  checkOneOf('overlap', overlap, ['skip_if_running', 'allow']);
  checkOneOf('missing_target', missingTarget, ['mark_misfired', 'skip']);
}

function checkTrigger(scheduleId: string, trigger: ScheduleTrigger): void {
  switch (trigger.type) {
    case 'once':
      checkTime('trigger.due_at_ms', trigger.dueAtMs);
      break;
    case 'interval':
      checkTime('trigger.start_at_ms', trigger.startAtMs);
      if (trigger.endAtMs !== undefined) checkTime('trigger.end_at_ms', trigger.endAtMs);
      if (!isWhole(trigger.everyMs, SHORTEST_INTERVAL_MS)) {
        throw invalid(
          'trigger.every_ms',
          `must be a whole number of milliseconds from ${SHORTEST_INTERVAL_MS}`,
        );
      }
      break;
    case 'cron':
      checkCronTexts(trigger);
      break;
    default:
      throw invalid('trigger.type', 'must be "once", "interval" or "cron"');
  }
  if (triggerTimes(trigger, scheduleId).nextAfter(-1) !== undefined) return;
  throw invalid('trigger', 'is never due');
}

function checkCronTexts({ expression, timezone }: Extract<ScheduleTrigger, { type: 'cron' }>): void {
  if (typeof expression !== 'string') throw invalid('trigger.expression', 'must be text');
  if (timezone !== undefined && typeof timezone !== 'string')
    throw invalid('trigger.timezone', 'must be text');
}

function checkTarget(target: ScheduleTarget): void {
  switch (target.kind) {
    case 'member':
      checkName('target.member_id', target.memberId);
      if (typeof target.message !== 'string' || target.message.trim() === '') {
        throw invalid('target.message', 'must be a non-empty string');
      }
      checkLength('target.message', target.message);
      return;
    case 'flow':
      checkName('target.flow_id', target.flowId);
      break;
    case 'module':
      checkName('target.module_id', target.moduleId);
      checkName('target.method', target.method);
      break;
    case 'function':
      checkName('target.name', target.name);
      break;
    default:
      throw invalid('target.kind', 'must be "member", "flow", "module" or "function"');
  }
  if (target.params !== undefined) checkLength('target.params', JSON.stringify(target.params));
}

function checkMisfire(misfire: MisfirePolicy): void {
  checkOneOf('misfire.type', misfire.type, ['skip', 'one', 'all']);
  if (misfire.type === 'skip' && misfire.graceMs !== undefined)
    checkTime('misfire.grace_ms', misfire.graceMs);
  if (misfire.type === 'all') checkTime('misfire.window_ms', misfire.windowMs);
}

function checkOneOf(field: string, given: string | undefined, values: readonly string[]): void {
  if (given === undefined || values.includes(given)) return;
  throw invalid(field, `must be ${values.map((value) => `"${value}"`).join(' or ')}`);
}

function checkTime(field: string, given: number): void {
  if (isWhole(given, 0) && given <= LAST_DATE_MS) return;
  throw invalid(field, `must be a whole number of milliseconds from 0 to ${LAST_DATE_MS}`);
}

function checkName(field: string, given: string): void {
  if (!isName(given, LONGEST_NAME)) throw notName(field);
}

function checkLength(field: string, given: string): void {
  if (given.length > LONGEST_CONTENT) throw invalid(field, `must be at most ${LONGEST_CONTENT} characters`);
}

function isName(given: unknown, longest: number): boolean {
  if (typeof given !== 'string' || given.trim() === '' || given.length > longest) return false;
  try {
    checkText('it', given);
    return true;
  } catch {
    return false;
  }
}

function areLabels(given: unknown): boolean {
  return isRecord(given) && Object.values(given).every((value) => typeof value === 'string');
}

function isWhole(given: unknown, from: number): given is number {
  return Number.isSafeInteger(given) && (given as number) >= from;
}

function notName(field: string): MobError {
  return invalid(field, `must be 1 to ${LONGEST_NAME} characters without NUL`);
}

function invalid(field: string, problem: string): MobError {
  return new MobError('MOB_SCHEDULE_INVALID', `${field} ${problem}`, { details: { field } });
}
