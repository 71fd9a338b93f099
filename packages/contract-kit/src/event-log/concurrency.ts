import { it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { expectWhole } from './expect-whole.js';
import type { EventStore } from './event-store.js';

export const concurrencyChapter: Chapter<EventStore> = { name: 'concurrency', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;

  it('[store.events-concurrent] loses, doubles and reorders nothing under concurrent writers', async () => {
    await expectWhole([eventLog(), eventLog(), eventLog(), eventLog()]);
  });
}
