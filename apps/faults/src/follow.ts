import { backoffMs, delay, isMobError, type OrderedLog, systemClock, tail } from '@mobkit/core';

/** An entry as a reader got it. */
export interface ReadEntry {
  readonly seq: number;
  readonly id: string;
}

/** Follows a log from its beginning, live, until it has read so many. Comes back where it was when the log was away. */
export async function follow(log: OrderedLog, count: number): Promise<readonly ReadEntry[]> {
  const read: ReadEntry[] = [];
  for (let failures = 0; read.length < count;) {
    try {
      for await (const { seq, id } of tail(log, { afterSeq: read.at(-1)?.seq ?? 0 })) {
        failures = 0;
        if (read.push({ seq, id }) === count) break;
      }
    } catch (error) {
      if (!isMobError(error, 'MOB_STORE_UNAVAILABLE')) throw error;
      await delay(systemClock, backoffMs(failures++, 500));
    }
  }
  return read;
}
