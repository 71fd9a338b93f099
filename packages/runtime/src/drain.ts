import { delay, type FlushReport } from '@mobkit/core';

import type { RuntimeDeps } from './runtime-deps.js';
import type { DrainOptions } from './unified-runtime.js';

/** Agents and modules wait for nothing here: ledgers are followed, and the log is written, each at its own pace. */
export async function drain(
  { broadcast, eventSink, clock }: Pick<RuntimeDeps, 'broadcast' | 'eventSink' | 'clock'>,
  { deadlineMs, signal }: DrainOptions,
): Promise<FlushReport> {
  const over = new AbortController();
  const giveUp = () => over.abort();
  if (signal?.aborted) giveUp();
  signal?.addEventListener('abort', giveUp);
  if (deadlineMs !== undefined) void delay(clock, deadlineMs, over.signal, { background: true }).then(giveUp);
  try {
    const { signal: until } = over;
    const flushing = eventSink?.flush({ signal: until, ...(deadlineMs !== undefined && { deadlineMs }) });
    const [report] = await Promise.all([flushing, broadcast.caughtUp(until)]);
    return report ?? { unflushed: 0 };
  } finally {
    signal?.removeEventListener('abort', giveUp);
    giveUp();
  }
}
