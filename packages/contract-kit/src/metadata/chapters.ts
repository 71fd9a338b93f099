import type { PersistentMetadataStore } from '@mobkit/core';
import { expect, it } from 'vitest';

import { type Chapter, type Given, unlessReopened } from '../chapter.js';

/** What the chapters about a `PersistentMetadataStore` are given. */
export interface MetadataStore {
  readonly metadata: PersistentMetadataStore;
}

/** What a capability card says of a `PersistentMetadataStore`, in its order. */
export const metadataChapters: readonly Chapter<MetadataStore>[] = [
  { name: 'cursors', tests: cursors },
  { name: 'labels', tests: labels },
  { name: 'edges', tests: edges },
  { name: 'restart', notFor: unlessReopened, tests: restarts },
];

function cursors({ store }: Given<MetadataStore>): void {
  const metadata = () => store().metadata;

  it('[store.cursors] keeps a subscription cursor per mob', async () => {
    await metadata().setSubscriptionCursor('one', 1);
    await metadata().setSubscriptionCursor('one', 7);
    expect(await metadata().subscriptionCursor('one')).toBe(7);
    expect(await metadata().subscriptionCursor('two')).toBeUndefined();
  });
}

function labels({ store }: Given<MetadataStore>): void {
  const metadata = () => store().metadata;

  it('[store.labels] keeps labels per scope', async () => {
    await metadata().setLabels({ mobId: 'one' }, { team: 'a' });
    await metadata().setLabels({ mobId: 'one', runId: 'run' }, { team: 'b' });
    expect(await metadata().labels({ mobId: 'one' })).toEqual({ team: 'a' });
    expect(await metadata().labels({ mobId: 'one', runId: 'run' })).toEqual({ team: 'b' });
    expect(await metadata().labels({ mobId: 'two', runId: 'run' })).toEqual({});
  });

  it('[store.labels-replaced] replaces all labels of a scope and removes them by an empty map', async () => {
    await metadata().setLabels({ mobId: 'one' }, { team: 'a', tier: '1' });
    await metadata().setLabels({ mobId: 'one' }, { team: 'b' });
    expect(await metadata().labels({ mobId: 'one' })).toEqual({ team: 'b' });
    await metadata().setLabels({ mobId: 'one' }, {});
    expect(await metadata().labels({ mobId: 'one' })).toEqual({});
  });

  it('[store.scopes] takes no two scopes for one, whatever they are called', async () => {
    const scopes = [
      { mobId: 'a' },
      { mobId: 'a', runId: '' },
      { mobId: 'a', runId: 'b' },
      { mobId: 'a/b' },
      { mobId: 'a:b' },
      { mobId: '["a","b"]' },
      { mobId: 'a', runId: 'B' },
      { mobId: 'A', runId: 'b' },
    ];
    for (const [n, scope] of scopes.entries()) await metadata().setLabels(scope, { n: `${n}` });
    for (const [n, scope] of scopes.entries()) expect(await metadata().labels(scope)).toEqual({ n: `${n}` });
  });
}

function edges({ store }: Given<MetadataStore>): void {
  const metadata = () => store().metadata;

  it('[store.edges] keeps managed edges per mob, without direction', async () => {
    await metadata().addManagedEdges('one', [{ a: 'zoe', b: 'ann' }]);
    await metadata().addManagedEdges('one', [
      { a: 'ann', b: 'zoe' },
      { a: 'ann', b: 'bob' },
      { a: 'bob', b: 'ann' },
    ]);
    await metadata().addManagedEdges('two', [{ a: 'ann', b: 'kim' }]);
    await metadata().addManagedEdges('two', []);
    expect(await metadata().managedEdges('one')).toEqual([
      { a: 'ann', b: 'bob' },
      { a: 'ann', b: 'zoe' },
    ]);
    await metadata().removeManagedEdge('one', { a: 'zoe', b: 'ann' });
    await metadata().removeManagedEdge('one', { a: 'no', b: 'body' });
    expect(await metadata().managedEdges('one')).toEqual([{ a: 'ann', b: 'bob' }]);
  });

  it('[store.edges-many] adds a thousand managed edges at once', async () => {
    const many = Array.from({ length: 1_000 }, (_, at) => ({
      a: 'hub',
      b: `m${String(at).padStart(4, '0')}`,
    }));
    await metadata().addManagedEdges('one', many);
    expect(await metadata().managedEdges('one')).toEqual(many);
  });
}

function restarts({ store, restart }: Given<MetadataStore>): void {
  it('[store.metadata-restart] still knows after closing', async () => {
    await store().metadata.setSubscriptionCursor('one', 7);
    await store().metadata.setLabels({ mobId: 'one' }, { team: 'a' });
    await store().metadata.addManagedEdges('one', [{ a: 'ann', b: 'bob' }]);
    const { metadata } = await restart();
    expect(await metadata.subscriptionCursor('one')).toBe(7);
    expect(await metadata.labels({ mobId: 'one' })).toEqual({ team: 'a' });
    expect(await metadata.managedEdges('one')).toEqual([{ a: 'ann', b: 'bob' }]);
  });
}
