import { existsSync, readdirSync } from 'node:fs';

import type { MobPlugin } from '@mobkit/di';
import { openEventSpool } from '@mobkit/event-log';

export interface LeftSpoolOptions {
  readonly directory: string;
  readonly onWarning: (text: string) => void;
}

/** Says at start what an earlier start left in a spool that this one does not use. */
export function leftSpool({ directory, onWarning }: LeftSpoolOptions): MobPlugin {
  return {
    name: 'left-spool',
    register: ({ lifecycle }) =>
      lifecycle.add({
        name: 'left-spool',
        async start() {
          if (!holdsFiles(directory)) return;
          const spool = await openEventSpool({ directory });
          const { pending } = spool;
          await spool.close();
          if (pending === 0) return;
          onWarning(
            `${pending} events of an earlier start wait in ${directory} and no spool is used: they stay there until one is (spool = true)`,
          );
        },
      }),
  };
}

function holdsFiles(directory: string): boolean {
  return existsSync(directory) && readdirSync(directory).some((name) => name.endsWith('.spool'));
}
