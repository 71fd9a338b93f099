import { FaultyStorage, type ManualClock } from '@mobkit/contract-kit';
import type { Storage } from '@mobkit/core';

/** What one process has of a storage that several may use. */
export class SharedStorage extends FaultyStorage {
  override get supports(): Storage['supports'] {
    return { ...super.supports, processes: 'many' };
  }
}

/** Moves time on in steps, letting everything in between happen, until `promise` is settled. */
export async function advanceUntil<T>(
  clock: ManualClock,
  promise: Promise<T>,
): Promise<PromiseSettledResult<T>> {
  let settled: PromiseSettledResult<T> | undefined;
  const waiting = Promise.allSettled([promise]).then(([result]) => (settled = result));
  while (!settled) {
    clock.advance(500);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return waiting;
}
