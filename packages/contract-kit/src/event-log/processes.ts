import { it } from 'vitest';

import { type Chapter, type Given, unlessShared } from '../chapter.js';
import { expectWhole } from './expect-whole.js';
import type { EventStore } from './event-store.js';

export const processesChapter: Chapter<EventStore> = { name: 'processes', notFor: unlessShared, tests };

function tests({ store, another }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;

  it('loses, doubles and reorders nothing under several processes', async () => {
    const others = await Promise.all([another(), another()]);
    await expectWhole([eventLog(), ...others.map((other) => other.eventLog)]);
  });
}
