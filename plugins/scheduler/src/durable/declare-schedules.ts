import type { NewSchedule } from '@mobkit/core/ops';

import type { ScheduleBook } from './schedule-book.js';

/** Marks schedules that are declared, so that one that is not any more can be told from one that somebody created. */
const DECLARED = 'mobkit.declared';

/** Makes the declared schedules what they are declared to be, and deletes those that no longer are. */
export async function declareSchedules(book: ScheduleBook, declared: readonly NewSchedule[]): Promise<void> {
  for (const schedule of declared) {
    const labels = { ...schedule.labels, [DECLARED]: 'true' };
    const wanted = { ...DEFAULTS, ...schedule, labels };
    const { scheduleId, ...change } = wanted;
    const kept = await book.get(scheduleId);
    if (kept && kept.phase !== 'deleted') await book.update(scheduleId, change);
    else await book.create(wanted);
  }
  const ids = new Set(declared.map(({ scheduleId }) => scheduleId));
  for (let afterScheduleId: string | undefined, more = true; more;) {
    const page = await book.list({ ...(afterScheduleId !== undefined && { afterScheduleId }) });
    for (const { scheduleId, labels } of page.schedules) {
      if (labels?.[DECLARED] !== undefined && !ids.has(scheduleId)) await book.delete(scheduleId);
    }
    ({ more } = page);
    afterScheduleId = page.schedules.at(-1)?.scheduleId;
  }
}

/** What a declaration leaves out is the default again. */
const DEFAULTS = {
  misfire: { type: 'skip' },
  overlap: 'skip_if_running',
  missingTarget: 'mark_misfired',
} as const satisfies Partial<NewSchedule>;
