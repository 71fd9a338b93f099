import { expect } from 'vitest';

import type { Proofs } from '../proofs.js';
import { conflictsIn, factsIn, indexAll, type LedgerUnderTest } from './ledger-under-test.js';

type Register = Parameters<Proofs<LedgerUnderTest>>[0];

/** What is answered to those who index and ask. */
export const requestProofs: readonly Proofs<LedgerUnderTest>[] = [facts, conflicts, finding, refusing];

function facts(it: Register): void {
  it('[memory.facts] keeps a fact with all that was said of it, under names in one spelling', async ({
    ledger,
  }) => {
    const metadata = { source: 'call', nested: { n: [1, null, '\0'] } };
    const request = { entity: ' Checkout ', topic: 'STATUS', store: ' Timeline ', fact: ' It is down. ' };
    const indexed = await ledger.index({ ...request, metadata });
    const about = { entity: 'checkout', topic: 'status', store: 'timeline' };
    expect(indexed).toEqual({ ...about, assertionId: 'memory-assert-000000', conflictActive: false });
    const { assertions, conflicts: none, more } = await ledger.query();
    const kept = { ...about, assertionId: 'memory-assert-000000', fact: 'It is down.', metadata };
    expect(assertions).toEqual([{ ...kept, indexedAtMs: expect.any(Number) as number }]);
    expect([none, more]).toEqual([[], false]);
  });

  it('[memory.stores] counts facts and conflicts of every store, in one order', async ({ ledger }) => {
    await indexAll(ledger, [
      ['a', 't', 'one'],
      ['a', 't', 'two', 'vector'],
      ['a', 't', 'three', 'todo'],
    ]);
    await ledger.index({ entity: 'a', topic: 't', conflict: true });
    await ledger.index({ entity: 'a', topic: 't', store: 'top_of_mind', conflict: true });
    expect(await ledger.stores()).toEqual([
      { store: 'knowledge_graph', recordCount: 2 },
      { store: 'vector', recordCount: 1 },
      { store: 'timeline', recordCount: 0 },
      { store: 'todo', recordCount: 1 },
      { store: 'top_of_mind', recordCount: 1 },
    ]);
  });
}

function conflicts(it: Register): void {
  it('[memory.conflict] says of every store whether there is a conflict, once however often it is signalled', async ({
    ledger,
  }) => {
    const about = { entity: 'Checkout', topic: 'Status' };
    expect(await ledger.index({ ...about, fact: 'up' })).toMatchObject({ conflictActive: false });
    const signalled = await ledger.index({
      ...about,
      store: 'vector',
      conflict: true,
      conflictReason: 'a',
    });
    expect(signalled).toEqual({
      entity: 'checkout',
      topic: 'status',
      store: 'vector',
      conflictActive: true,
    });
    await ledger.index({ ...about, store: 'vector', fact: 'down', conflict: true, conflictReason: ' b ' });
    expect(await ledger.index({ ...about, fact: 'up' })).toMatchObject({ conflictActive: true });
    expect(await ledger.index({ entity: 'checkout', topic: 'owner', fact: 'ann' })).toMatchObject({
      conflictActive: false,
    });
    expect(await ledger.conflictCount()).toBe(1);
    const { conflicts: found } = await ledger.query();
    expect(found).toEqual([
      {
        entity: 'checkout',
        topic: 'status',
        store: 'vector',
        reason: 'b',
        updatedAtMs: expect.any(Number) as number,
      },
    ]);
  });

  it('[memory.conflict-for] finds the first conflict that an entity, a topic or both refer to', async ({
    ledger,
  }) => {
    const named = ['b t vector', 'a u todo', 'a t todo', 'a t knowledge_graph', 'a! t vector'];
    for (const name of named) {
      const [entity = '', topic = '', inStore = ''] = name.split(' ');
      await ledger.index({ entity, topic, store: inStore, conflict: true });
    }
    const first = async (reference: { entity?: string; topic?: string }) => {
      const found = await ledger.conflictFor(reference);
      return found && `${found.entity} ${found.topic} ${found.store}`;
    };
    expect(await first({ entity: ' A ' })).toBe('a t knowledge_graph');
    expect(await first({ topic: 'U' })).toBe('a u todo');
    expect(await first({ topic: 't' })).toBe('a t knowledge_graph');
    expect(await first({ entity: 'b', topic: 't' })).toBe('b t vector');
    expect(await first({ entity: 'b', topic: 'u' })).toBeUndefined();
    expect(await first({ entity: ' ', topic: '' })).toBeUndefined();
    expect(await first({})).toBeUndefined();
    expect(await conflictsIn(ledger)).toEqual([
      'a t knowledge_graph',
      'a t todo',
      'a u todo',
      'a! t vector',
      'b t vector',
    ]);
  });
}

function finding(it: Register): void {
  it('[memory.filters] finds by entity, topic and store, in the order in which facts came', async ({
    ledger,
  }) => {
    await indexAll(ledger, [
      ['b', 't', 'zero'],
      ['a', 't', 'one'],
      ['a', 't', 'two', 'vector'],
      ['a', 'u', 'three'],
      ['a', 't', 'four', 'todo'],
      ['a', 't', 'five', 'timeline'],
    ]);
    await ledger.index({ entity: 'a', topic: 't', conflict: true });
    await ledger.index({ entity: 'a', topic: 't', store: 'top_of_mind', conflict: true });
    const both = { entity: 'A', topic: ' T ' };
    expect(await factsIn(ledger, both)).toEqual(['one', 'two', 'four', 'five']);
    expect(await conflictsIn(ledger, both)).toEqual(['a t knowledge_graph', 'a t top_of_mind']);
    expect(await factsIn(ledger, { ...both, store: 'VECTOR' })).toEqual(['two']);
    expect(await conflictsIn(ledger, { ...both, store: 'vector' })).toEqual([]);
    expect(await factsIn(ledger, { entity: 'a', topic: ' ', store: '' })).toEqual([
      'one',
      'two',
      'three',
      'four',
      'five',
    ]);
    expect(await factsIn(ledger, { entity: 'c' })).toEqual([]);
  });

  it('[memory.text] finds a text in names, facts and reasons, whatever the case', async ({ ledger }) => {
    await indexAll(ledger, [
      ['checkout', 'status', 'Everything works'],
      ['payments', 'owner', 'ask about the CheckOut'],
      ['payments', 'checkout-owner', 'Ann'],
      ['payments', 'status', 'ÜBERLASTET'],
    ]);
    await ledger.index({
      entity: 'payments',
      topic: 'owner',
      conflict: true,
      conflictReason: 'Checkout says Bob',
    });
    await ledger.index({ entity: 'payments', topic: 'status', conflict: true });
    const text = ' CHECKOUT ';
    expect(await factsIn(ledger, { text })).toEqual(['Everything works', 'ask about the CheckOut', 'Ann']);
    expect(await conflictsIn(ledger, { text })).toEqual(['payments owner knowledge_graph']);
    expect(await factsIn(ledger, { text, entity: 'payments', topic: 'owner' })).toEqual([
      'ask about the CheckOut',
    ]);
    expect(await factsIn(ledger, { text: 'überlastet' })).toEqual(['ÜBERLASTET']);
    expect(await factsIn(ledger, { text: '%' })).toEqual([]);
  });

  it('[memory.pages] gives facts a page at a time, and says whether there are more', async ({ ledger }) => {
    await indexAll(ledger, [
      ['a', 't', 'x 0'],
      ['b', 't', 'x 1'],
      ['a', 't', 'y 2'],
      ['a', 't', 'x 3'],
      ['a', 't', 'x 4'],
    ]);
    const page = { text: 'x', entity: 'a', limit: 2 };
    const first = await ledger.query(page);
    expect([first.assertions.map(({ fact }) => fact), first.more]).toEqual([['x 0', 'x 3'], true]);
    const second = await ledger.query({
      ...page,
      afterAssertionId: first.assertions.at(-1)?.assertionId ?? '',
    });
    expect([second.assertions.map(({ fact }) => fact), second.more]).toEqual([['x 4'], false]);
    const whole = await ledger.query({ ...page, limit: 3 });
    expect([whole.assertions.length, whole.more]).toEqual([3, false]);
  });
}

const allowed = 'knowledge_graph, vector, timeline, todo, top_of_mind';
const long = 'x'.repeat(4097);

function wrongRequests(): readonly (readonly [request: object, field: string, message: string])[] {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const unnamed = 'must be at most 190 characters without control characters';
  return [
    [{ entity: ' ' }, 'entity', 'entity must be a non-empty string'],
    [{ topic: '' }, 'topic', 'topic must be a non-empty string'],
    [{ entity: '', topic: '' }, 'entity', 'entity must be a non-empty string'],
    [{ entity: 'x'.repeat(191) }, 'entity', `entity ${unnamed}`],
    [{ topic: 'a\u0001b' }, 'topic', `topic ${unnamed}`],
    [{ entity: 'a\ud800' }, 'entity', `entity ${unnamed}`],
    [{ store: ' Archive ' }, 'store', `store 'Archive' is unsupported (allowed: ${allowed})`],
    [{ fact: ' ' }, 'fact', 'fact is required unless conflict=true'],
    [{ fact: long }, 'fact', 'fact must be at most 4096 characters'],
    [{ metadata: { long } }, 'metadata', 'metadata must be at most 4096 characters as JSON'],
    [{ metadata: [] }, 'metadata', 'metadata must be a JSON object when provided'],
    [{ metadata: cycle }, 'metadata', 'metadata must be a JSON object when provided'],
    [
      { conflict: true, conflictReason: long },
      'conflictReason',
      'the reason of a conflict must be at most 4096 characters',
    ],
  ];
}

function refusing(it: Register): void {
  it('[memory.refused] keeps nothing of a request that is wrong, and says what is', async ({ ledger }) => {
    for (const [wrong, field, message] of wrongRequests()) {
      const request = { entity: 'e', topic: 't', fact: 'f', ...wrong };
      await expect(ledger.index(request)).rejects.toThrow(
        expect.objectContaining({ code: 'MOB_REQUEST_INVALID', message, details: { field } }) as Error,
      );
    }
    expect(await ledger.query()).toEqual({ assertions: [], conflicts: [], more: false });
  });

  it('[memory.refused] refuses a question that can have no answer', async ({ ledger }) => {
    const refused = (field: string) =>
      expect.objectContaining({ code: 'MOB_REQUEST_INVALID', details: { field } }) as Error;
    await expect(ledger.query({ store: 'archive' })).rejects.toThrow(refused('store'));
    await expect(ledger.query({ limit: 0 })).rejects.toThrow(refused('limit'));
    await expect(ledger.query({ limit: 4097 })).rejects.toThrow(refused('limit'));
    await expect(ledger.query({ afterAssertionId: '7' })).rejects.toThrow(refused('afterAssertionId'));
    await expect(ledger.conflictFor({ entity: 'x'.repeat(191) })).rejects.toThrow(refused('entity'));
    await expect(ledger.changes({ limit: 501 })).rejects.toThrow(refused('limit'));
  });
}
