import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';
import { idsOf } from './read-events.js';

export const filtersChapter: Chapter<EventStore> = { name: 'filters', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);
  const ids = (query: EventQuery) => idsOf(eventLog(), query);

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

  it('[store.event-identity] takes a member without a generation for the identity', async () => {
    await append(
      event('a', { memberId: 'worker-1:0', identity: 'worker-1' }),
      event('b', { memberId: 'worker-1:1', identity: 'worker-1' }),
    );
    expect(await ids({ memberId: 'worker-1:1' })).toEqual(['b']);
    expect(await ids({ memberId: 'worker-1' })).toEqual(['a', 'b']);
  });
}
