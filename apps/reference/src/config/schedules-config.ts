import { errorText } from '@mobkit/core';
import type {
  MisfirePolicy,
  NewSchedule,
  ScheduleFunction,
  ScheduleTarget,
  ScheduleTrigger,
} from '@mobkit/core/ops';
import { checkSchedule } from '@mobkit/scheduler';
import { z } from 'zod';

const text = z.string().trim().min(1);
const wholeMs = z.int().min(0);
/** A date of TOML, or its text; in the text the zone has to stand. */
const moment = z
  .union([z.date(), z.iso.datetime({ offset: true })])
  .transform((given) => new Date(given).getTime());
const params = z.json().optional();

const scheduleFields = z.strictObject({
  id: text,
  name: text.optional(),
  description: text.optional(),
  cron: text.optional(),
  timezone: text.optional(),
  jitter_ms: wholeMs.optional(),
  every_ms: wholeMs.optional(),
  at: moment.optional(),
  member: text.optional(),
  message: text.optional(),
  flow: text.optional(),
  module: text.optional(),
  method: text.optional(),
  function: text.optional(),
  params,
  misfire: z.enum(['skip', 'one', 'all']).optional(),
  grace_ms: wholeMs.optional(),
  window_ms: wholeMs.optional(),
  overlap: z.enum(['skip_if_running', 'allow']).optional(),
  missing_target: z.enum(['mark_misfired', 'skip']).optional(),
});

type ScheduleConfig = z.output<typeof scheduleFields>;

const scheduleConfig = scheduleFields.transform((given, context): NewSchedule => {
  try {
    const schedule = scheduleOf(given);
    checkSchedule(schedule);
    return schedule;
  } catch (error) {
    context.addIssue({ code: 'custom', message: errorText(error) });
    return z.NEVER;
  }
});

/** The part `schedules` of a config: what is to happen when. */
export const schedulesConfig = z
  .array(scheduleConfig)
  .superRefine((schedules, context) => {
    const ids = schedules.map(({ scheduleId }) => scheduleId);
    const twice = ids.find((id, at) => ids.indexOf(id) !== at);
    if (twice !== undefined) context.addIssue({ code: 'custom', message: `has "${twice}" twice` });
  })
  .default([]);

/** Only a config that is a program can hold them. */
export const scheduleFunctionsConfig = z
  .record(
    text,
    z.custom<ScheduleFunction>((given) => typeof given === 'function', 'is not a function'),
  )
  .default({});

function scheduleOf(given: ScheduleConfig): NewSchedule {
  const { id: scheduleId, name, description, overlap, missing_target } = given;
  return {
    scheduleId,
    trigger: triggerOf(given),
    target: targetOf(given),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...misfireOf(given),
    ...(overlap && { overlap }),
    ...(missing_target && { missingTarget: missing_target }),
  };
}

function triggerOf({
  cron,
  timezone,
  jitter_ms: jitterMs,
  every_ms: everyMs,
  at,
}: ScheduleConfig): ScheduleTrigger {
  if ([cron, everyMs, at].filter((one) => one !== undefined).length !== 1) {
    throw new TypeError('needs one of cron, every_ms and at');
  }
  if (cron !== undefined) {
    return {
      type: 'cron',
      expression: cron,
      ...(timezone !== undefined && { timezone }),
      ...(jitterMs !== undefined && { jitterMs }),
    };
  }
  if (timezone !== undefined || jitterMs !== undefined) {
    throw new TypeError('has a timezone or jitter_ms, which go with cron');
  }
  return at === undefined
    ? { type: 'interval', startAtMs: 0, everyMs: everyMs as number }
    : { type: 'once', dueAtMs: at };
}

function targetOf({
  member,
  message,
  flow,
  module,
  method,
  function: name,
  params: given,
}: ScheduleConfig): ScheduleTarget {
  if ([member, flow, module, name].filter((one) => one !== undefined).length !== 1) {
    throw new TypeError('needs one of member, flow, module and function');
  }
  if (message !== undefined && member === undefined) throw new TypeError('message goes with member');
  if (method !== undefined && module === undefined) throw new TypeError('method goes with module');
  if (given !== undefined && member !== undefined) {
    throw new TypeError('params goes with flow, module and function');
  }
  const withParams = given === undefined ? {} : { params: given };
  if (member !== undefined) return { kind: 'member', memberId: member, message: message ?? '' };
  if (flow !== undefined) return { kind: 'flow', flowId: flow, ...withParams };
  if (name !== undefined) return { kind: 'function', name, ...withParams };
  return { kind: 'module', moduleId: module as string, method: method ?? '', ...withParams };
}

function misfireOf({ misfire, grace_ms: graceMs, window_ms: windowMs }: ScheduleConfig): {
  readonly misfire?: MisfirePolicy;
} {
  if (graceMs !== undefined && (misfire ?? 'skip') !== 'skip') {
    throw new TypeError('grace_ms goes with misfire "skip"');
  }
  if (misfire === 'all') {
    if (windowMs === undefined) throw new TypeError('misfire "all" needs window_ms');
    return { misfire: { type: 'all', windowMs } };
  }
  if (windowMs !== undefined) throw new TypeError('window_ms goes with misfire "all"');
  if (misfire === 'one') return { misfire: { type: 'one' } };
  if (graceMs !== undefined) return { misfire: { type: 'skip', graceMs } };
  return misfire ? { misfire: { type: 'skip' } } : {};
}
