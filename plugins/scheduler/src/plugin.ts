import { type MobPlugin, tokens } from '@mobkit/di';

import { openScheduler } from './open.js';
import type { SchedulerOptions } from './scheduler-options.js';

/** As `SchedulerOptions`, but for what comes from the container. */
export type SchedulerPluginOptions = Omit<SchedulerOptions, 'storage' | 'injector'>;

/**
 * Provides `Scheduler` over `Storage`, which must be listed before. The tick call asks whatever fills
 * `tokens.scheduleInjector` at that moment.
 */
export function scheduler(options: SchedulerPluginOptions = {}): MobPlugin {
  return {
    name: 'scheduler',
    register(context) {
      const { container } = context;
      context
        .provideResource({
          name: 'scheduler',
          keepsIn: tokens.storage,
          open: () =>
            openScheduler({
              ...options,
              storage: container.resolve(tokens.storage),
              injector: () =>
                container.isRegistered(tokens.scheduleInjector)
                  ? container.resolve(tokens.scheduleInjector)
                  : undefined,
            }),
          close: async (opened) => opened.stop({ deadlineMs: 0 }),
        })
        .fill(tokens.scheduler, (opened) => opened);
    },
  };
}
