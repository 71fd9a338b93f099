import { expect } from 'vitest';

import type { Proofs } from '../proofs.js';
import { conflictsIn, factsIn, indexAll, type LedgerUnderTest } from './ledger-under-test.js';

type Register = Parameters<Proofs<LedgerUnderTest>>[0];

/** What is taken out again. */
export const changeProofs: readonly Proofs<LedgerUnderTest>[] = [resolving, deleting];

function resolving(it: Register): void {
  it('[memory.resolve] ends the conflicts about something, and keeps who did and why', async ({ ledger }) => {
    const about = { entity: 'checkout', topic: 'status' };
    await ledger.index({ ...about, fact: 'up', conflict: true, conflictReason: 'two says' });
    await ledger.index({ ...about, store: 'todo', conflict: true });
    await ledger.index({ ...about, topic: 'owner', conflict: true });
    const asked = { entity: ' CHECKOUT ', topic: 'Status', by: ' Ann ', reason: ' asked them ' };
    const ended = await ledger.resolveConflict(asked);
    expect(ended).toMatchObject([
      { ...about, store: 'knowledge_graph', reason: 'two says' },
      { ...about, store: 'todo' },
    ]);
    expect(await ledger.conflictFor(about)).toBeUndefined();
    expect(await ledger.conflictCount()).toBe(1);
    expect(await conflictsIn(ledger)).toEqual(['checkout owner knowledge_graph']);
    expect(await factsIn(ledger)).toEqual(['up']);
    const timestampMs = expect.any(Number) as number;
    const change = { kind: 'conflict_resolved', ...about, by: 'Ann', reason: 'asked them', timestampMs };
    expect(await ledger.changes()).toEqual([
      { ...change, seq: 1, store: 'knowledge_graph', conflictReason: 'two says' },
      { ...change, seq: 2, store: 'todo' },
    ]);
    expect(await ledger.index({ ...about, fact: 'down' })).toMatchObject({ conflictActive: false });
  });

  it('[memory.resolve] ends a conflict of one store alone, and nothing where there is none', async ({
    ledger,
  }) => {
    const about = { entity: 'a', topic: 't' };
    await ledger.index({ ...about, conflict: true });
    await ledger.index({ ...about, store: 'vector', conflict: true });
    expect(await ledger.resolveConflict({ ...about, store: 'Vector', by: 'ann' })).toHaveLength(1);
    expect(await ledger.resolveConflict({ ...about, store: 'vector', by: 'ann' })).toEqual([]);
    expect(await conflictsIn(ledger)).toEqual(['a t knowledge_graph']);
    expect(await ledger.changes()).toHaveLength(1);
    await expect(ledger.resolveConflict({ ...about, by: ' ' })).rejects.toThrow(
      'by must be a non-empty string',
    );
    await expect(ledger.resolveConflict({ ...about, by: 'ann', store: 'x' })).rejects.toThrow(
      "store 'x' is unsupported",
    );
  });
}

function deleting(it: Register): void {
  it('[memory.delete] takes one fact out with what it said, keeps who did and why, and gives its id to no other', async ({
    ledger,
  }) => {
    await indexAll(ledger, [
      ['a', 't', 'one'],
      ['a', 't', 'a secret', 'vector'],
    ]);
    const author = { by: 'Ann', reason: 'not ours to keep' };
    expect(await ledger.deleteAssertion('memory-assert-000001', author)).toBe(true);
    expect(await ledger.deleteAssertion('memory-assert-000001', author)).toBe(false);
    expect(await ledger.deleteAssertion('no id', author)).toBe(false);
    const nobody = ledger.deleteAssertion('memory-assert-000000', { by: ' ' });
    await expect(nobody).rejects.toMatchObject({ code: 'MOB_REQUEST_INVALID', details: { field: 'by' } });
    expect(await factsIn(ledger)).toEqual(['one']);
    expect((await ledger.stores())[1]).toEqual({ store: 'vector', recordCount: 0 });
    const changes = await ledger.changes({ entity: 'a' });
    expect(changes).toEqual([
      {
        seq: 1,
        kind: 'assertion_deleted',
        entity: 'a',
        topic: 't',
        store: 'vector',
        ...author,
        assertionId: 'memory-assert-000001',
        timestampMs: expect.any(Number) as number,
      },
    ]);
    expect(await ledger.index({ entity: 'a', topic: 't', fact: 'two' })).toMatchObject({
      assertionId: 'memory-assert-000002',
    });
    const { assertions } = await ledger.query();
    expect(assertions.map(({ assertionId }) => assertionId)).toEqual([
      'memory-assert-000000',
      'memory-assert-000002',
    ]);
    await ledger.index({ entity: 'b', topic: 'u', fact: 'three' });
    await ledger.deleteAssertion('memory-assert-000003', { by: 'bob' });
    const changedBy = async (query: Parameters<typeof ledger.changes>[0]) =>
      (await ledger.changes(query)).map(({ by }) => by);
    expect(await changedBy({})).toEqual(['Ann', 'bob']);
    expect(await changedBy({ entity: 'B' })).toEqual(['bob']);
    expect(await changedBy({ topic: 't' })).toEqual(['Ann']);
    expect(await changedBy({ limit: 1 })).toEqual(['bob']);
  });
}
