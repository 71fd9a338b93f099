import { systemClock } from '@mobkit/core';
import type { Scheduler } from '@mobkit/core/ops';

import { scheduleTables } from './schedule-tables.js';
import type { SchedulerOptions } from './scheduler-options.js';
import { StoredScheduler } from './stored-scheduler.js';

/**
 * Prepares the records and returns the scheduler; there is nothing to close. Nothing is fired before its `start`. Due is what is
 * due by the clock of the store; it should agree with that of the machine.
 *
 * @throws MobError what the storage throws when it prepares the records; `MOB_SCHEDULE_INVALID` for a declared schedule that is
 * none; TypeError for a lease or a retention that is none.
 */
export async function openScheduler(options: SchedulerOptions): Promise<Scheduler> {
  const { storage, clock = systemClock } = options;
  const tables = scheduleTables(options.scope);
  const scheduler = new StoredScheduler({ ...options, tables, clock });
  await storage.prepare(Object.values(tables));
  return scheduler;
}
