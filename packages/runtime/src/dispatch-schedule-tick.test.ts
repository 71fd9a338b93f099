import { MobError } from '@mobkit/core';
import type { ScheduleDefinition, ScheduleEvaluator } from '@mobkit/core/ops';
import { expect, it } from 'vitest';

import { startRuntime } from '../test/support/start-runtime.js';

/** Everything is due at every tick, and says its own name to the member of that name. */
const always: ScheduleEvaluator = {
  evaluate: (_, tickMs) => ({ tickMs, dueTriggers: [] }),
  dispatch: async (schedules, tickMs) => {
    if (tickMs < 0) throw new MobError('MOB_SCHEDULE_INVALID', `invalid tick ms: ${tickMs}`);
    const dispatched = schedules.map(({ scheduleId, interval, timezone }) => ({
      claimKey: `${scheduleId}:${tickMs}`,
      scheduleId,
      interval,
      timezone,
      dueTickMs: tickMs,
      tickMs,
      eventId: `evt-schedule-${scheduleId}`,
      ...(scheduleId !== 'silent' && {
        runtimeInjection: {
          memberId: scheduleId,
          message: 'Wake up',
          injectionEventId: `evt-inj-${scheduleId}`,
        },
      }),
    }));
    return { tickMs, dueCount: schedules.length, dispatched, skippedClaims: [] };
  },
};

const every = (scheduleId: string): ScheduleDefinition => ({ scheduleId, interval: '*/1m', timezone: 'UTC' });

it('[runtime.schedule-dispatch] sends the messages of what was due in order, tells what became of each, and stops for none', async () => {
  const { runtime, mob, sink, eventLog } = await startRuntime({ schedules: always });
  const { send } = mob;
  const sent: string[] = [];
  mob.send = async (identity, ...rest) => {
    if (identity === 'nobody') throw new MobError('MOB_MEMBER_NOT_FOUND', 'No member is named "nobody"');
    sent.push(identity);
    return send.call(mob, identity, ...rest);
  };
  const schedules = ['first', 'nobody', 'silent', 'last'].map(every);
  const report = await runtime.dispatchScheduleTick(schedules, 60_000);
  const error = 'mob injection failed: No member is named "nobody"';
  expect(sent).toEqual(['first', 'last']);
  expect(report.dispatched.map(({ runtimeInjectionError }) => runtimeInjectionError)).toEqual([
    undefined,
    error,
    undefined,
    undefined,
  ]);
  const about = (id: string) => ({
    schedule_id: id,
    claim_key: `${id}:60000`,
    member_id: id,
    message: 'Wake up',
  });
  const told = [
    {
      eventId: 'evt-inj-first-executed',
      timestampMs: 60_000,
      event: {
        kind: 'module',
        module: 'runtime',
        eventType: 'runtime.injection.executed',
        payload: { ...about('first'), session_id: 'session-first' },
      },
    },
    {
      eventId: 'evt-inj-nobody-failed',
      timestampMs: 60_000,
      event: {
        kind: 'module',
        module: 'runtime',
        eventType: 'runtime.injection.failed',
        payload: { ...about('nobody'), error_kind: 'mob_runtime', error },
      },
    },
    { eventId: 'evt-inj-last-executed' },
  ];
  expect(runtime.moduleEvents().items.map((item) => item.type === 'event' && item.event)).toMatchObject(told);
  await sink.flush();
  const { events } = await eventLog.query({
    eventTypes: ['runtime.injection.executed', 'runtime.injection.failed'],
  });
  expect(events.map(({ id }) => id)).toEqual(told.map(({ eventId }) => eventId));
});

it('[runtime.schedule-refused] dispatches nothing once shutdown began, and passes on that a schedule is none', async () => {
  const { runtime } = await startRuntime({ schedules: always });
  await expect(runtime.dispatchScheduleTick([every('a')], -1)).rejects.toMatchObject({
    code: 'MOB_SCHEDULE_INVALID',
  });
  const shutdown = runtime.shutdown();
  await expect(runtime.dispatchScheduleTick([every('a')], 1)).rejects.toMatchObject({
    code: 'MOB_SHUTTING_DOWN',
  });
  await shutdown;
  const { runtime: without } = await startRuntime();
  await expect(without.dispatchScheduleTick([], 1)).rejects.toMatchObject({ code: 'MOB_CONFIG_INVALID' });
});
