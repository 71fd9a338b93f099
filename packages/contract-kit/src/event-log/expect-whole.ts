import type { EventLogStore, PersistedEvent } from '@mobkit/core';
import { expect } from 'vitest';

import { event } from '../makers.js';

const BATCHES = 20;
const BATCH = 8;

/**
 * Appends from every view of one log at once, each batch twice, while a reader goes on from page to page. Expects the
 * exact set, each writer's order, and no hole.
 */
export async function expectWhole(views: readonly [EventLogStore, ...EventLogStore[]]): Promise<void> {
  const total = views.length * BATCHES * BATCH;
  let writing = views.length;
  const stored = views.map((view, writer) => appendAll(view, writer).finally(() => (writing -= 1)));
  const read: PersistedEvent[] = [];
  for (let afterSeq = 0, last = false; !last;) {
    // Before the read: what was written meanwhile is read once more.
    last = writing === 0;
    const page = await views[0].query({ afterSeq });
    read.push(...page.events);
    afterSeq = page.scannedTo;
    last &&= !page.more;
    // Leaves the writers a turn: a store may answer without one.
    await new Promise((resolve) => setImmediate(resolve));
  }

  expect((await Promise.all(stored)).reduce((sum, count) => sum + count)).toBe(total);
  expect(read.map(({ seq }) => seq)).toEqual(Array.from({ length: total }, (_, at) => at + 1));
  for (const writer of views.keys()) {
    const own = read.map(({ id }) => id).filter((id) => id.startsWith(`${writer}:`));
    expect(own).toEqual(Array.from({ length: BATCHES * BATCH }, (_, n) => `${writer}:${n}`));
  }
}

async function appendAll(eventLog: EventLogStore, writer: number): Promise<number> {
  let stored = 0;
  for (let batch = 0; batch < BATCHES; batch++) {
    const events = Array.from({ length: BATCH }, (_, n) => event(`${writer}:${batch * BATCH + n}`));
    stored += (await eventLog.appendBatch(events)).stored;
    stored += (await eventLog.appendBatch(events)).stored;
  }
  return stored;
}
