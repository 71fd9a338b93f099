import type { EventLogStore, EventQuery } from '@mobkit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Harness, Opened } from './harness.js';
import { event } from './makers.js';

/** Registers the tests every `EventLogStore` passes. Call it at the top level of a vitest file. */
export function describeEventLogStore(harness: Harness<{ readonly eventLog: EventLogStore }>): void {
  describe(`EventLogStore contract: ${harness.name}`, () => {
    let opened: Opened<{ readonly eventLog: EventLogStore }>;
    beforeEach(async () => {
      opened = await harness.open();
    });
    afterEach(() => opened.close());

    const append = (...events: readonly ReturnType<typeof event>[]) => opened.eventLog.appendBatch(events);
    const ids = async (query: EventQuery) => (await opened.eventLog.query(query)).events.map(({ id }) => id);

    it('holds nothing at first', async () => {
      expect(await opened.eventLog.query({})).toEqual({
        events: [],
        firstSeq: 1,
        lastSeq: 0,
        scannedTo: 0,
        more: false,
      });
    });

    it('[store.event-verbatim] gives an event back as it was', async () => {
      const given = event('a', {
        memberId: 'worker-1:0',
        identity: 'worker-1',
        mobId: 'mob',
        runId: 'run',
        stepId: 'step',
        interactionId: 'interaction',
        stream: { epoch: 2, n: 7, agentN: 3 },
        event: {
          kind: 'module',
          module: 'm',
          eventType: 'said',
          payload: { z: '\0', a: ['\uD800', null, 1e300] },
        },
      });
      await append(given);
      expect((await opened.eventLog.query({})).events).toEqual([{ ...given, seq: 1 }]);
    });

    it('numbers events densely from 1 and ignores an id it already has', async () => {
      await append(event('a'), event('b'));
      expect(await append(event('b'), event('c'))).toEqual({ stored: 1, duplicates: ['b'], lastSeq: 3 });
      expect((await opened.eventLog.query({})).events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    });

    it('treats afterSeq as an exclusive lower bound', async () => {
      await append(event('a'), event('b'), event('c'));
      expect(await ids({ afterSeq: 1, limit: 1 })).toEqual(['b']);
    });

    it('without a cursor returns the newest, oldest first', async () => {
      await append(event('a'), event('b'), event('c'));
      expect(await ids({ limit: 2 })).toEqual(['b', 'c']);
    });

    it('scans past what does not match', async () => {
      await append(event('a', { runId: 'run' }), event('b'));
      const page = await opened.eventLog.query({ afterSeq: 0, runId: 'run' });
      expect(page).toMatchObject({ events: [{ id: 'a' }], scannedTo: 2, more: false });
    });

    it('filters by every field, by types and by time', async () => {
      const failed = { kind: 'agent', agentId: 'x', eventType: 'run_failed' } as const;
      await append(
        event('a', { mobId: 'mob', runId: 'run', stepId: 'step', timestampMs: 10 }),
        event('b', { mobId: 'mob', runId: 'run', timestampMs: 20, event: failed }),
        event('c', { mobId: 'mob', timestampMs: 30 }),
      );
      expect(await ids({ mobId: 'mob', runId: 'run' })).toEqual(['a', 'b']);
      expect(await ids({ stepId: 'step' })).toEqual(['a']);
      expect(await ids({ eventTypes: ['run_failed', 'unheard_of'] })).toEqual(['b']);
      expect(await ids({ eventTypes: [] })).toEqual(['a', 'b', 'c']);
      expect(await ids({ sinceMs: 20, untilMs: 30 })).toEqual(['b']);
    });

    it('wakes whoever waits for events, if it says that it does', async () => {
      const { eventLog } = opened;
      const woken = eventLog.onAppend
        ? new Promise<void>((resolve) => eventLog.onAppend?.(resolve))
        : Promise.resolve();
      await append(event('a'));
      await woken;
      expect(await ids({ afterSeq: 0 })).toEqual(['a']);
    });

    it('[store.event-identity] takes a member without a generation for the identity', async () => {
      await append(
        event('a', { memberId: 'worker-1:0', identity: 'worker-1' }),
        event('b', { memberId: 'worker-1:1', identity: 'worker-1' }),
      );
      expect(await ids({ memberId: 'worker-1:1' })).toEqual(['b']);
      expect(await ids({ memberId: 'worker-1' })).toEqual(['a', 'b']);
    });
  });
}
