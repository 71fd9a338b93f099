import { expect, it } from 'vitest';

import type { Given } from '../chapter.js';
import type { SessionsStore } from './sessions-store.js';

export function supportsTests({ store, harness }: Given<SessionsStore>): void {
  it('supports what the harness says', () => {
    const said = { durable: harness.reopen !== undefined, processes: 'one', cursor: 'strict' };
    const { sessions, settle } = store();
    expect(sessions.supports).toEqual({ ...said, ...harness.supports });
    // Where rows are readable some time later, the tests must be able to wait for it.
    expect(sessions.supports.cursor === 'strict' || settle !== undefined).toBe(true);
  });
}
