import type { Storage } from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';
import type { Schedule, ServiceHost } from '@mobkit/core/ops';
import { openScheduler } from '@mobkit/scheduler';

const BATCH = 2_000;
const DAY_MS = 86_400_000;

/** A runtime that is there and does nothing. */
export const idleHost: ServiceHost = {
  mob: {} as MobHandle,
  tell: () => {},
  onError: (error) => console.error(error),
};

interface Which {
  readonly prefix?: string;
  /** @defaultValue days from now, each at a time of its own */
  readonly dueAtMs?: (at: number) => number;
}

/** Puts as many schedules as an earlier process would have kept them. */
export async function putSchedules(
  storage: Storage,
  count: number,
  { prefix = 's', dueAtMs = (at) => Date.now() + DAY_MS + at * 1_000 }: Which = {},
): Promise<void> {
  await openScheduler({ storage });
  const { records } = await storage.contents();
  const definition = records.find(({ name }) => name === 'schedules');
  if (!definition) throw new Error('scheduler: it has prepared no schedules');
  for (let from = 0; from < count; from += BATCH) {
    const puts = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => {
      const schedule = scheduleAt(`${prefix}-${from + index}`, dueAtMs(from + index));
      const fields = { phase: 'active', target: 'function' };
      const record = { fields, data: JSON.stringify(schedule), dueAtMs: schedule.nextDueAtMs ?? 0 };
      return { records: definition, key: schedule.scheduleId, record };
    });
    await storage.commit({ puts });
  }
}

function scheduleAt(scheduleId: string, dueAtMs: number): Schedule {
  return {
    scheduleId,
    phase: 'active',
    revision: 1,
    trigger: { type: 'once', dueAtMs },
    target: { kind: 'function', name: 'work' },
    misfire: { type: 'one' },
    overlap: 'skip_if_running',
    missingTarget: 'mark_misfired',
    nextDueAtMs: dueAtMs,
    occurrences: 0,
    createdAtMs: dueAtMs,
    updatedAtMs: dueAtMs,
  };
}
