import { z } from 'zod';

import { name, says, text, wholeNumber } from './params.js';

const trigger = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('once'), due_at_ms: wholeNumber }),
    z.strictObject({
      type: z.literal('interval'),
      start_at_ms: wholeNumber,
      every_ms: wholeNumber,
      end_at_ms: wholeNumber.optional(),
    }),
    z.strictObject({
      type: z.literal('cron'),
      expression: text,
      timezone: text.optional(),
      jitter_ms: wholeNumber.optional(),
    }),
  ],
  says('must be of type "once", "interval" or "cron"'),
);

const params = z.json().optional();

const target = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('member'), member_id: text, message: text }),
    z.strictObject({ kind: z.literal('flow'), flow_id: text, params }),
    z.strictObject({ kind: z.literal('module'), module_id: text, method: text, params }),
    z.strictObject({ kind: z.literal('function'), name: text, params }),
  ],
  says('must be of kind "member", "flow", "module" or "function"'),
);

const misfire = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('skip'), grace_ms: wholeNumber.optional() }),
    z.strictObject({ type: z.literal('one') }),
    z.strictObject({ type: z.literal('all'), window_ms: wholeNumber }),
  ],
  says('must be of type "skip", "one" or "all"'),
);

const described = z.strictObject({
  name: text.optional(),
  description: text.optional(),
  labels: z.record(z.string(), text, says('must be an object of texts')).optional(),
  misfire: misfire.optional(),
  overlap: z.enum(['skip_if_running', 'allow'], says('must be "skip_if_running" or "allow"')).optional(),
  missing_target: z.enum(['mark_misfired', 'skip'], says('must be "mark_misfired" or "skip"')).optional(),
});

export const createScheduleParams = described.extend({ schedule_id: name, trigger, target });

export const updateScheduleParams = described.extend({
  schedule_id: name,
  expected_revision: wholeNumber.optional(),
  trigger: trigger.optional(),
  target: target.optional(),
});

export const scheduleIdParams = z.strictObject({ schedule_id: name });

export const scheduleRevisionParams = scheduleIdParams.extend({ expected_revision: wholeNumber.optional() });

/** An answer of as many is at most about 30 MB, and usually 100 kB. */
const MOST = 100;

const limit = wholeNumber
  .refine((value) => value >= 1 && value <= MOST, `must be from 1 to ${MOST}`)
  .optional();

export const listSchedulesParams = z.strictObject({
  phase: z
    .enum(['active', 'paused', 'completed', 'deleted'], says('must be the phase of a schedule'))
    .optional(),
  after_schedule_id: name.optional(),
  limit,
});

export const occurrencesParams = scheduleIdParams.extend({
  phase: z
    .enum(
      [
        'dispatching',
        'awaiting_completion',
        'retrying',
        'completed',
        'skipped',
        'misfired',
        'superseded',
        'delivery_failed',
      ],
      says('must be the phase of an occurrence'),
    )
    .optional(),
  limit,
});

export type CreateScheduleParams = z.output<typeof createScheduleParams>;
export type UpdateScheduleParams = z.output<typeof updateScheduleParams>;
