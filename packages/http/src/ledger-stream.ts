import { isMobError } from '@mobkit/core';
import type { StructuralQuery, StructuralTailOptions, UnifiedRuntime } from '@mobkit/runtime';

import { gapFrame, openingFrame, structuralFrame } from './frames.js';
import type { OpenedStream, StreamItem } from './stream-clients.js';
import { formatLedgerId } from './stream-ids.js';

/**
 * The frames of structural events after a cursor, then live. Where history has been pruned, says so with a gap and goes
 * on from the first that is kept.
 */
export function openLedgerFrames(
  runtime: UnifiedRuntime,
  { limit: _limit, ...filter }: StructuralQuery,
  afterCursor: number,
  signal: AbortSignal,
): OpenedStream {
  const opening = openingFrame(formatLedgerId(afterCursor));
  return { opening, items: ledgerItems(runtime, { ...filter, afterCursor, signal }) };
}

async function* ledgerItems(
  runtime: UnifiedRuntime,
  options: StructuralTailOptions,
): AsyncGenerator<StreamItem> {
  for (let cursor = options.afterCursor; ;) {
    try {
      for await (const event of runtime.tailMobEvents({ ...options, afterCursor: cursor })) {
        yield { bytes: structuralFrame(event), live: false };
        cursor = event.cursor;
      }
      return;
    } catch (error) {
      const resumeAt = lastPruned(error);
      if (resumeAt === undefined || resumeAt <= cursor) throw error;
      yield { bytes: gapFrame('not_kept', cursor, resumeAt, formatLedgerId), live: false };
      cursor = resumeAt;
    }
  }
}

function lastPruned(error: unknown): number | undefined {
  if (!isMobError(error, 'MOB_CURSOR_STALE')) return undefined;
  const { firstSeq } = error.details;
  return typeof firstSeq === 'number' ? firstSeq - 1 : undefined;
}
