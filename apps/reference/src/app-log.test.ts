import { expect, it } from 'vitest';

import { openAppLog } from './app-log.js';
import { unwritable } from '../test/support/unwritable.js';

it.each([true, false])(
  '[app.log-unwritable] goes on when nothing can be written of it, on a terminal: %s',
  async (isTTY) => {
    const log = await openAppLog(unwritable({ isTTY }));
    for (let line = 0; line < 1_100; line += 1) expect(() => log.info('x'.repeat(1_000))).not.toThrow();
  },
);
