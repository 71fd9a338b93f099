import {
  type LogDefinition,
  type LogQuery,
  type OrderedLog,
  staleCursor,
  type Storage,
  tail,
} from '@mobkit/core';
import {
  type MobEvent,
  type MobEventFilter,
  type MobEventKind,
  type MobEventsView,
  structuralFields,
} from '@mobkit/core/mob';

const definition = {
  kind: 'log',
  name: 'test_ledger',
  fields: { kind: 'text', run_id: 'text', step_id: 'text', agent_identity: 'text' },
} as const satisfies LogDefinition;

/** A ledger to test with: one partition of any storage, written as an engine writes it. */
export interface TestLedger extends MobEventsView {
  append(...kinds: readonly MobEventKind[]): Promise<void>;
  readonly log: OrderedLog;
}

export async function ledgerOver(storage: Storage, mobId: string, now: () => number): Promise<TestLedger> {
  await storage.prepare([definition]);
  const log = storage.log(definition, mobId);
  const toEvent = ({
    seq,
    timestampMs,
    data,
  }: {
    seq: number;
    timestampMs: number;
    data: string;
  }): MobEvent => ({
    cursor: seq,
    mobId,
    timestampMs,
    kind: JSON.parse(data) as MobEventKind,
  });
  let appended = 0;
  return {
    log,
    async append(...kinds) {
      const entries = kinds.map((kind) => {
        const { runId, stepId, agentIdentity } = structuralFields(kind);
        return {
          id: `entry-${process.pid}-${(appended += 1)}-${Math.random()}`,
          timestampMs: now(),
          fields: { kind: kind.type, run_id: runId, step_id: stepId, agent_identity: agentIdentity },
          data: JSON.stringify(kind),
        };
      });
      await log.append(entries);
    },
    async query({ afterCursor, limit, ...filter }) {
      const query = { ...whereOf(filter), ...(limit !== undefined && { limit }) };
      const page = await log.read(afterCursor === undefined ? query : { ...query, afterSeq: afterCursor });
      const { firstSeq, lastSeq, scannedTo, more } = page;
      if (afterCursor !== undefined && (afterCursor > lastSeq || afterCursor < firstSeq - 1)) {
        throw staleCursor(afterCursor, page);
      }
      const events = page.entries.map(toEvent);
      return { events, scannedTo, more, firstCursor: firstSeq, latestCursor: lastSeq };
    },
    async *tail({ afterCursor, signal, ...filter }) {
      const options = { ...whereOf(filter), afterSeq: afterCursor, ...(signal && { signal }) };
      for await (const entry of tail(log, options)) yield toEvent(entry);
    },
    latestCursor: async () => (await log.bounds()).lastSeq,
  };
}

function whereOf({ kinds, runId, stepId, agentIdentity, ...times }: MobEventFilter): LogQuery {
  const kind = kinds?.length ? kinds : undefined;
  return { ...times, where: { kind, run_id: runId, step_id: stepId, agent_identity: agentIdentity } };
}
