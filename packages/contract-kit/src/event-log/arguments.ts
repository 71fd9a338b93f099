import type { EventQuery, NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';

export const wrongArgumentsChapter: Chapter<EventStore> = { name: 'arguments', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);

  it('[store.event-refused] refuses a batch whole for an event that cannot be kept, and names it', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const said = (payload: unknown) => ({ kind: 'module', module: 'm', eventType: 'said', payload }) as const;
    const wrong: [Partial<NewEvent>, RegExp][] = [
      [{ event: said(1n) }, /payload.*wrong/],
      [{ event: said(cycle) }, /payload.*wrong/],
      [{ event: said(undefined) }, /payload.*wrong/],
      [{ timestampMs: 2 ** 53 }, /timestampMs.*wrong/],
      [{ timestampMs: 0.5 }, /timestampMs.*wrong/],
      [{ id: undefined as unknown as string }, /id/],
      [{ runId: 'a\0' }, /run_?id/i],
    ];
    for (const [one, naming] of wrong) {
      const batch = append(event('good'), event('wrong', one), event('better'));
      await expect(batch).rejects.toThrow(TypeError);
      await expect(append(event('wrong', one))).rejects.toThrow(naming);
    }
    expect(await eventLog().query({ afterSeq: 0 })).toMatchObject({ events: [], lastSeq: 0 });
  });

  it('refuses a query whose bounds contradict each other, or with a field that nobody knows', async () => {
    await append(event('a'));
    await expect(eventLog().query({ sinceMs: 2, untilMs: 1 })).rejects.toThrow(/sinceMs.*untilMs/);
    const unknown = { run_id: 'x' } as EventQuery;
    await expect(eventLog().query(unknown)).rejects.toThrow(/run_id/);
    await expect(eventLog().query({ afterSeq: 0.5 })).rejects.toThrow(TypeError);
  });
}
