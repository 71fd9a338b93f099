import { type OrderedLog, staleCursor, tail, type Where } from '@mobkit/core';
import type { MobEvent, MobEventFilter, MobEventPage, MobEventsView } from '@mobkit/core/mob';

import { toMobEvent } from './ledger-definition.js';
import type { LedgerReaders } from './ledger-readers.js';

/** The ledger of one mob, for readers. */
export function ledgerView(mobId: string, log: OrderedLog, readers: LedgerReaders): MobEventsView {
  return {
    async query({ afterCursor, limit, ...filter }): Promise<MobEventPage> {
      const page = await log.read({
        ...toBounds(filter),
        ...(afterCursor !== undefined && { afterSeq: afterCursor }),
        ...(limit !== undefined && { limit }),
      });
      const { entries, firstSeq, lastSeq, scannedTo, more } = page;
      // 0 is where everybody begins who has seen nothing, and so misses nothing.
      if (afterCursor && (afterCursor > lastSeq || afterCursor < firstSeq - 1)) {
        throw staleCursor(afterCursor, page);
      }
      const events = entries.map((entry) => toMobEvent(mobId, entry));
      return { events, scannedTo, more, firstCursor: firstSeq, latestCursor: lastSeq };
    },
    async *tail({ afterCursor, signal, ...filter }): AsyncGenerator<MobEvent, void, undefined> {
      const afterSeq = afterCursor === 0 ? (await log.bounds()).firstSeq - 1 : afterCursor;
      const options = { ...toBounds(filter), afterSeq, ...(signal && { signal }) };
      const reader = readers.open();
      try {
        for await (const entry of tail(reader.log, options)) yield toMobEvent(mobId, entry);
      } finally {
        reader.close();
      }
    },
    latestCursor: async () => (await log.bounds()).lastSeq,
  };
}

function toBounds({ sinceMs, untilMs, kinds, runId, stepId, agentIdentity }: MobEventFilter) {
  const where: Where = {
    kind: kinds?.length ? kinds : undefined,
    run_id: runId,
    step_id: stepId,
    agent_identity: agentIdentity,
  };
  return { where, ...(sinceMs !== undefined && { sinceMs }), ...(untilMs !== undefined && { untilMs }) };
}
