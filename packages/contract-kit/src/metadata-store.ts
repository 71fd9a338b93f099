import type { PersistentMetadataStore } from '@mobkit/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Harness, Opened } from './harness.js';

/** Registers the tests every `PersistentMetadataStore` passes. Call it at the top level of a vitest file. */
export function describeMetadataStore(
  harness: Harness<{ readonly metadata: PersistentMetadataStore }>,
): void {
  describe(`PersistentMetadataStore contract: ${harness.name}`, () => {
    let opened: Opened<{ readonly metadata: PersistentMetadataStore }>;
    const metadata = () => opened.metadata;
    beforeEach(async () => {
      opened = await harness.open();
    });
    afterEach(() => opened.close());

    it('keeps a subscription cursor per mob', async () => {
      await metadata().setSubscriptionCursor('one', 1);
      await metadata().setSubscriptionCursor('one', 7);
      expect(await metadata().subscriptionCursor('one')).toBe(7);
      expect(await metadata().subscriptionCursor('two')).toBeUndefined();
    });

    it('[store.labels] keeps labels per scope', async () => {
      await metadata().setLabels({ mobId: 'one' }, { team: 'a' });
      await metadata().setLabels({ mobId: 'one', runId: 'run' }, { team: 'b' });
      expect(await metadata().labels({ mobId: 'one' })).toEqual({ team: 'a' });
      expect(await metadata().labels({ mobId: 'one', runId: 'run' })).toEqual({ team: 'b' });
      expect(await metadata().labels({ mobId: 'two', runId: 'run' })).toEqual({});
    });

    it('replaces all labels of a scope and removes them by an empty map', async () => {
      await metadata().setLabels({ mobId: 'one' }, { team: 'a', tier: '1' });
      await metadata().setLabels({ mobId: 'one' }, { team: 'b' });
      expect(await metadata().labels({ mobId: 'one' })).toEqual({ team: 'b' });
      await metadata().setLabels({ mobId: 'one' }, {});
      expect(await metadata().labels({ mobId: 'one' })).toEqual({});
    });

    it('[store.edges] keeps managed edges per mob, without direction', async () => {
      await metadata().addManagedEdge('one', { a: 'zoe', b: 'ann' });
      await metadata().addManagedEdge('one', { a: 'ann', b: 'zoe' });
      await metadata().addManagedEdge('one', { a: 'ann', b: 'bob' });
      await metadata().addManagedEdge('two', { a: 'ann', b: 'kim' });
      expect(await metadata().managedEdges('one')).toEqual([
        { a: 'ann', b: 'bob' },
        { a: 'ann', b: 'zoe' },
      ]);
      await metadata().removeManagedEdge('one', { a: 'zoe', b: 'ann' });
      await metadata().removeManagedEdge('one', { a: 'no', b: 'body' });
      expect(await metadata().managedEdges('one')).toEqual([{ a: 'ann', b: 'bob' }]);
    });

    // Registered only where it applies, so that no report says skipped.
    const { reopen } = harness;
    if (reopen) {
      describeReopened(async () => {
        await opened.close();
        opened = await reopen();
        return opened.metadata;
      }, metadata);
    }
  });
}

function describeReopened(
  reopen: () => Promise<PersistentMetadataStore>,
  metadata: () => PersistentMetadataStore,
): void {
  it('still knows after closing', async () => {
    await metadata().setSubscriptionCursor('one', 7);
    const reopened = await reopen();
    expect(await reopened.subscriptionCursor('one')).toBe(7);
  });
}
