import { expect, it, onTestFinished } from 'vitest';

import { openAppLog } from './app-log.js';
import { stopSignal } from './stop-signal.js';
import { unwritable } from '../test/support/unwritable.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

it('[app.hang-up] begins to end in order when the terminal is closed, however often that is told and though nothing can be written any more', async () => {
  const before = SIGNALS.map((name) => process.listeners(name));
  onTestFinished(() => {
    for (const [at, name] of SIGNALS.entries()) {
      for (const listener of process.listeners(name)) {
        if (!before[at]?.includes(listener)) process.off(name, listener);
      }
    }
  });
  const stopping = stopSignal(await openAppLog(unwritable({ isTTY: true })));
  expect(process.emit('SIGHUP')).toBe(true);
  expect(stopping.aborted).toBe(true);
  // A shell that ends tells it once more, and so does the system.
  process.emit('SIGHUP');
});
