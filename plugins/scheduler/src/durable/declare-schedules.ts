import { isMobError } from '@mobkit/core';
import type { NewSchedule, Schedule } from '@mobkit/core/ops';

import type { ScheduleBook } from './schedule-book.js';

/** Marks schedules that are declared, so that one that is not any more can be told from one that somebody created. */
const DECLARED = 'mobkit.declared';

/** Makes the declared schedules what they are declared to be, and deletes those that no longer are. */
export async function declareSchedules(book: ScheduleBook, declared: readonly NewSchedule[]): Promise<void> {
  for (const schedule of declared) {
    const labels = { ...schedule.labels, [DECLARED]: 'true' };
    await declareOne(book, { ...DEFAULTS, ...schedule, labels });
  }
  const ids = new Set(declared.map(({ scheduleId }) => scheduleId));
  for (let afterScheduleId: string | undefined, more = true; more;) {
    const page = await book.list({ ...(afterScheduleId !== undefined && { afterScheduleId }) });
    for (const schedule of page.schedules) {
      const { scheduleId } = schedule;
      if (isDeclared(schedule) && !ids.has(scheduleId)) await deleteOne(book, scheduleId);
    }
    ({ more } = page);
    afterScheduleId = page.schedules.at(-1)?.scheduleId;
  }
}

export function isDeclared({ labels }: Pick<Schedule, 'labels'>): boolean {
  return labels?.[DECLARED] !== undefined;
}

/** Another process may start at the same moment and declare the same. */
const MOST_TRIES = 16;

async function declareOne(book: ScheduleBook, wanted: NewSchedule): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const kept = await book.get(wanted.scheduleId);
      await (kept && kept.phase !== 'deleted' ? book.replace(wanted) : book.create(wanted));
      return;
    } catch (error) {
      const changed = isMobError(error, 'MOB_CONFLICT') || isMobError(error, 'MOB_SCHEDULE_NOT_FOUND');
      if (!changed || tries === MOST_TRIES) throw error;
    }
  }
}

async function deleteOne(book: ScheduleBook, scheduleId: string): Promise<void> {
  try {
    await book.delete(scheduleId);
  } catch (error) {
    if (!isMobError(error, 'MOB_SCHEDULE_NOT_FOUND')) throw error;
  }
}

/** What a declaration leaves out is the default again. */
const DEFAULTS = {
  misfire: { type: 'skip' },
  overlap: 'skip_if_running',
  missingTarget: 'mark_misfired',
} as const satisfies Partial<NewSchedule>;
