import { type Clock, isMobError, type RecordStore } from '@mobkit/core';

import { readTick } from './tick-claims.js';

/** Of one look. */
const PAGE = 64;

export interface PruneTicksDeps {
  readonly ticks: RecordStore;
  readonly clock: Clock;
  readonly retentionMs: number;
}

/** Forgets schedules that no tick has named for long enough. */
export async function pruneTicks(
  { ticks, clock, retentionMs }: PruneTicksDeps,
  signal: AbortSignal,
): Promise<void> {
  const beforeMs = clock.now() - retentionMs;
  for (let afterKey: string | undefined, more = true; more && !signal.aborted;) {
    const page = await ticks.list({ limit: PAGE, ...(afterKey !== undefined && { afterKey }) });
    // When that was is not known of what an earlier version kept.
    const old = page.records.filter((record) => (readTick(record).namedAtMs ?? Infinity) < beforeMs);
    await Promise.all(
      old.map(({ key, version }) => ticks.delete(key, { expectedVersion: version }).catch(namedAgain)),
    );
    ({ more } = page);
    afterKey = page.records.at(-1)?.key;
  }
}

function namedAgain(error: unknown): void {
  if (!isMobError(error, 'MOB_CONFLICT')) throw error;
}
