import { type OrderedLog, staleCursor, tail, type Where } from '@mobkit/core';
import type { MobEvent, MobEventFilter, MobEventPage, MobEventsView } from '@mobkit/core/mob';

import { toMobEvent } from './ledger-definition.js';

/** The ledger of one mob, for readers. */
export function ledgerView(mobId: string, log: OrderedLog): MobEventsView {
  return {
    async query({ afterCursor, limit, ...filter }): Promise<MobEventPage> {
      const page = await log.read({
        ...toBounds(filter),
        ...(afterCursor !== undefined && { afterSeq: afterCursor }),
        ...(limit !== undefined && { limit }),
      });
      const { entries, firstSeq, lastSeq, scannedTo, more } = page;
      if (afterCursor !== undefined && (afterCursor > lastSeq || afterCursor < firstSeq - 1)) {
        throw staleCursor(afterCursor, page);
      }
      const events = entries.map((entry) => toMobEvent(mobId, entry));
      return { events, scannedTo, more, firstCursor: firstSeq, latestCursor: lastSeq };
    },
    async *tail({ afterCursor, signal, ...filter }): AsyncGenerator<MobEvent, void, undefined> {
      const options = { ...toBounds(filter), afterSeq: afterCursor, ...(signal && { signal }) };
      for await (const entry of tail(log, options)) yield toMobEvent(mobId, entry);
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
