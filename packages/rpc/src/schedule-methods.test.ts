import { MobError } from '@mobkit/core';
import type { Schedule, ScheduleDispatch, ScheduleOccurrence, Scheduler } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { served } from '../test/support/call.js';

const minute = { schedule_id: 'm', interval: '*/1m', timezone: 'UTC' };

it.each<[params: unknown, message: string]>([
  [{ schedules: [] }, 'tick_ms must be a u64'],
  [{ tick_ms: -1, schedules: [] }, 'tick_ms must be a u64'],
  [{ tick_ms: '1', schedules: [] }, 'tick_ms must be a u64'],
  // As the parser reads the greatest unsigned integer of 64 bits.
  [JSON.parse('{"tick_ms":18446744073709551615}'), 'tick_ms must be <= 9223372036854775807'],
  [
    { tick_ms: 2 ** 53, schedules: [] },
    'tick_ms must be a whole number from 0 to 9007199254740991 (2^53 - 1)',
  ],
  [{ tick_ms: 1 }, 'schedules must be an array'],
  [
    { tick_ms: 1, schedules: Array.from({ length: 257 }, () => minute) },
    'schedules must contain at most 256 entries',
  ],
  [{ tick_ms: 1, schedules: [7] }, 'each of schedules must be an object'],
  [{ tick_ms: 1, schedules: [{ ...minute, schedule_id: ' ' }] }, 'schedule_id must be a non-empty string'],
  [{ tick_ms: 1, schedules: [{ ...minute, interval: 5 }] }, 'interval must be a non-empty string'],
  [{ tick_ms: 1, schedules: [{ ...minute, timezone: '  ' }] }, 'timezone must be a non-empty string'],
  [{ tick_ms: 1, schedules: [{ ...minute, jitter_ms: -1 }] }, 'jitter_ms must be a u64'],
  [{ tick_ms: 1, schedules: [{ ...minute, catch_up: 1 }] }, 'catch_up must be a boolean'],
  [{ tick_ms: 1, schedules: [{ ...minute, enabled: 'yes' }] }, 'enabled must be a boolean'],
  [
    { tick_ms: 1, schedules: [{ ...minute, often: 1 }] },
    '"often" is not a field of this method: leave it out',
  ],
])('[schedules.wire-refused] refuses the tick of %j', async (params, message) => {
  const { fail } = await served();
  for (const method of ['scheduling/evaluate', 'scheduling/dispatch']) {
    expect(await fail(method, params)).toMatchObject({
      code: -32602,
      message: `Invalid params: ${message}`,
      data: { kind: 'invalid_params' },
    });
  }
});

it('[schedules.wire-refused] tells what is no schedule as what is wrong with params, and a part that is not there', async () => {
  const { fail, mob } = await served();
  expect(await fail('scheduling/evaluate', { tick_ms: 1, schedules: [] })).toMatchObject({
    data: { kind: 'config_invalid', part: 'scheduler' },
  });
  const problem = new MobError('MOB_SCHEDULE_INVALID', "invalid interval 'x' for schedule_id 'm'");
  Object.assign(mob, {
    scheduler: {
      evaluate: () => {
        throw problem;
      },
    },
  });
  expect(await fail('scheduling/evaluate', { tick_ms: 1, schedules: [minute] })).toMatchObject({
    code: -32602,
    message: "Invalid params: invalid interval 'x' for schedule_id 'm'",
    data: { kind: 'schedule_invalid' },
  });
});

it('[schedules.wire] answers ticks in the spelling of the wire, null where nothing is', async () => {
  const { call, mob } = await served();
  const due = { scheduleId: 'm', interval: '*/1m', timezone: 'UTC', dueTickMs: 60_000 };
  const wire = { schedule_id: 'm', interval: '*/1m', timezone: 'UTC', due_tick_ms: 60_000 };
  const plain: ScheduleDispatch = { ...due, claimKey: 'm:60000', tickMs: 60_500, eventId: 'evt-1' };
  const full: ScheduleDispatch = {
    ...plain,
    supervisorSignal: {
      moduleId: 'scheduling',
      latestState: 'Healthy',
      latestAttempt: 2,
      restartObserved: true,
    },
    runtimeInjection: { memberId: 'lead', message: 'Wake up', injectionEventId: 'inj-1' },
    runtimeInjectionError: 'mob injection failed: gone',
  };
  const asked: unknown[] = [];
  Object.assign(mob, {
    scheduler: {
      evaluate: (...given: unknown[]) => (asked.push(given), { tickMs: 60_000, dueTriggers: [due] }),
    },
    dispatchScheduleTick: async (...given: unknown[]) => {
      asked.push(given);
      return { tickMs: 60_500, dueCount: 3, dispatched: [plain, full], skippedClaims: ['n:60000'] };
    },
  });
  const schedules = [{ ...minute, enabled: false, jitter_ms: 5, catch_up: true }];
  expect(await call('scheduling/evaluate', { tick_ms: 60_000, schedules })).toEqual({
    tick_ms: 60_000,
    due_triggers: [wire],
  });
  const dispatched = { ...wire, claim_key: 'm:60000', tick_ms: 60_500, event_id: 'evt-1' };
  expect(await call('scheduling/dispatch', { tick_ms: 60_500, schedules: [minute] })).toEqual({
    tick_ms: 60_500,
    due_count: 3,
    dispatched: [
      { ...dispatched, supervisor_signal: null, runtime_injection: null, runtime_injection_error: null },
      {
        ...dispatched,
        supervisor_signal: {
          module_id: 'scheduling',
          latest_state: 'Healthy',
          latest_attempt: 2,
          restart_observed: true,
        },
        runtime_injection: { member_id: 'lead', message: 'Wake up', injection_event_id: 'inj-1' },
        runtime_injection_error: 'mob injection failed: gone',
      },
    ],
    skipped_claims: ['n:60000'],
  });
  const given = { scheduleId: 'm', interval: '*/1m', timezone: 'UTC' };
  expect(asked).toEqual([
    [[{ ...given, enabled: false, jitterMs: 5, catchUp: true }], 60_000],
    [[given], 60_500],
  ]);
});

const kept: Schedule = {
  scheduleId: 's',
  phase: 'active',
  revision: 2,
  trigger: { type: 'cron', expression: '0 9 * * *' },
  target: { kind: 'member', memberId: 'lead', message: 'Hello' },
  misfire: { type: 'all', windowMs: 5 },
  overlap: 'allow',
  missingTarget: 'skip',
  nextDueAtMs: 9,
  occurrences: 1,
  createdAtMs: 1,
  updatedAtMs: 2,
};

const wireKept = {
  schedule_id: 's',
  phase: 'active',
  revision: 2,
  trigger: { type: 'cron', expression: '0 9 * * *', timezone: 'UTC' },
  target: { kind: 'member', member_id: 'lead', message: 'Hello' },
  misfire: { type: 'all', window_ms: 5 },
  overlap: 'allow',
  missing_target: 'skip',
  next_due_at_ms: 9,
  occurrences: 1,
  created_at_ms: 1,
  updated_at_ms: 2,
};

it('[schedules.wire-methods] creates, changes, lists and shows schedules', async () => {
  const { call, fail, mob } = await served();
  const asked: unknown[] = [];
  const answer =
    <T>(name: string, result: T) =>
    async (...given: unknown[]) => (asked.push([name, ...given]), result);
  const occurrence: ScheduleOccurrence = {
    occurrenceId: 's:1',
    scheduleId: 's',
    scheduleRevision: 1,
    ordinal: 1,
    dueAtMs: 5,
    phase: 'completed',
    target: { kind: 'flow', flowId: 'f' },
    idempotencyKey: 'k',
    attempts: 1,
    receipts: [{ stage: 'completed', atMs: 6, attempt: 1 }],
    createdAtMs: 5,
    completedAtMs: 6,
  };
  const scheduler: Partial<Scheduler> = {
    create: answer('create', kept),
    update: answer('update', kept),
    pause: answer('pause', kept),
    resume: answer('resume', kept),
    delete: answer('delete', kept),
    get: answer('get', undefined),
    list: answer('list', { schedules: [kept], more: true }),
    occurrences: answer('occurrences', [occurrence]),
  };
  Object.assign(mob, { scheduler });
  const { schedule_id, trigger, target, misfire } = wireKept;
  expect(await call('schedules/create', { schedule_id, trigger, target, misfire })).toEqual(wireKept);
  const change = { trigger: { type: 'interval', start_at_ms: 1, every_ms: 2 }, missing_target: 'skip' };
  await call('schedules/update', { schedule_id, expected_revision: 1, ...change });
  for (const name of ['pause', 'resume', 'delete']) await call(`schedules/${name}`, { schedule_id });
  expect(await call('schedules/get', { schedule_id })).toBeNull();
  expect(await call('schedules/list', { phase: 'active', limit: 5 })).toEqual({
    schedules: [wireKept],
    has_more: true,
  });
  expect(await call('schedules/occurrences', { schedule_id })).toMatchObject({
    occurrences: [{ occurrence_id: 's:1', due_at_ms: 5, target: { flow_id: 'f' }, receipts: [{ at_ms: 6 }] }],
  });
  const cron = { type: 'cron', expression: '0 9 * * *', timezone: 'UTC' };
  expect(asked).toEqual([
    ['create', { scheduleId: 's', trigger: cron, target: kept.target, misfire: kept.misfire }],
    [
      'update',
      's',
      { trigger: { type: 'interval', startAtMs: 1, everyMs: 2 }, missingTarget: 'skip' },
      { expectedRevision: 1 },
    ],
    ['pause', 's', {}],
    ['resume', 's', {}],
    ['delete', 's', {}],
    ['get', 's'],
    ['list', { phase: 'active', limit: 5 }],
    ['occurrences', 's', {}],
  ]);
  for (const limit of [0, 101]) {
    for (const [method, more] of [
      ['schedules/list', {}],
      ['schedules/occurrences', { schedule_id }],
    ] as const) {
      expect(await fail(method, { ...more, limit })).toMatchObject({
        code: -32602,
        data: { kind: 'invalid_params', field: 'limit' },
      });
    }
  }
  expect(await fail('schedules/create', { schedule_id, target, trigger: { type: 'often' } })).toMatchObject({
    code: -32602,
    data: { kind: 'invalid_params', field: 'trigger.type' },
  });
});
