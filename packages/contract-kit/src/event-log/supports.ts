import { expect, it } from 'vitest';

import { type Chapter, type Given } from '../chapter.js';
import type { EventStore } from './event-store.js';

export const supportsChapter: Chapter<EventStore> = { name: 'supports', tests };

function tests({ store, harness }: Given<EventStore>): void {
  const eventLog = () => store().eventLog;

  it('is durable where it can be reopened, with the cursor that the harness says', () => {
    const durable = harness.supports?.durable ?? harness.reopen !== undefined;
    expect(eventLog().supports).toEqual({ durable, cursor: harness.supports?.cursor ?? 'strict' });
    expect(durable).toBe(harness.reopen !== undefined);
    expect(harness.child === undefined || harness.reopen !== undefined).toBe(true);
  });
}
