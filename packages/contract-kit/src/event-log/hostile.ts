import type { NewEvent } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import { event } from '../makers.js';
import type { EventStore } from './event-store.js';

export const hostileChapter: Chapter<EventStore> = { name: 'hostile', tests };

function tests({ store }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;
  const append = (...events: readonly NewEvent[]) => eventLog().appendBatch(events);

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
    expect((await eventLog().query({})).events).toEqual([{ ...given, seq: 1 }]);
  });

  it('keeps fields of a payload that nobody knows, and names that look like code', async () => {
    const payload = JSON.parse('{"__proto__":{"x":1},"":[],"a\\u0000":"\'; drop table x; --","n":1e300}');
    const odd = ["'; drop table event_log; --", '"', '%', '_', '$1', 'é', 'e\u0301', 'E', 'e', ''];
    const module = { kind: 'module', module: 'm', eventType: 'said', payload } as const;
    await append(...odd.map((id) => event(id, { runId: id, event: module })));
    for (const id of odd) {
      const { events } = await eventLog().query({ runId: id });
      expect(events).toMatchObject([{ id, runId: id }]);
      expect(JSON.stringify(events[0]?.event)).toBe(JSON.stringify(module));
    }
  });
}
