import { entry } from '@mobkit/contract-kit';
import { backoffMs, delay, isMobError, type OrderedLog, systemClock, tail } from '@mobkit/core';

/** An entry as a reader got it. */
export interface ReadEntry {
  readonly seq: number;
  readonly id: string;
}

const LAST = 'last:0';

/**
 * Follows a log from its beginning, live, until `endLog`: not until it has read so many, so that it ends also when it misses
 * some. Comes back where it was when the log was away.
 */
export async function follow(log: OrderedLog): Promise<readonly ReadEntry[]> {
  const read: ReadEntry[] = [];
  for (let failures = 0; ;) {
    try {
      for await (const { seq, id } of tail(log, { afterSeq: read.at(-1)?.seq ?? 0 })) {
        if (id === LAST) return read;
        failures = 0;
        read.push({ seq, id });
      }
    } catch (error) {
      await waitAfter(error, failures++);
    }
  }
}

/** Appends the entry at which who follows the log ends, which is among none of its own. */
export async function endLog(log: OrderedLog): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      await log.append([entry(LAST)]);
      return;
    } catch (error) {
      await waitAfter(error, failures);
    }
  }
}

/** @throws whatever it is but a log that is away. */
async function waitAfter(error: unknown, failures: number): Promise<void> {
  if (!isMobError(error, 'MOB_STORE_UNAVAILABLE')) throw error;
  await delay(systemClock, backoffMs(failures, 500));
}
