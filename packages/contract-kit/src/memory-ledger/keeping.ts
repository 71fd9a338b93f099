import { expect } from 'vitest';

import type { Proofs } from '../proofs.js';
import { conflictsIn, factsIn, type LedgerUnderTest } from './ledger-under-test.js';

type Register = Parameters<Proofs<LedgerUnderTest>>[0];

/** How long what is kept is kept, and for whom. */
export function keepingProofs(maxAssertions: number): readonly Proofs<LedgerUnderTest>[] {
  return [(it) => retention(it, maxAssertions), (it) => sharing(it, maxAssertions)];
}

function retention(it: Register, maxAssertions: number): void {
  it('[memory.retention] keeps the newest facts up to its bound, and every conflict', async ({ ledger }) => {
    await ledger.index({ entity: 'old', topic: 't', fact: '0', store: 'vector', conflict: true });
    for (let n = 1; n < maxAssertions + 2; n++) {
      await ledger.index({ entity: 'e', topic: 't', fact: `${n}` });
    }
    const kept = Array.from({ length: maxAssertions }, (_, n) => `${n + 2}`);
    expect(await factsIn(ledger)).toEqual(kept);
    expect((await ledger.stores()).map(({ recordCount }) => recordCount)).toEqual([
      maxAssertions,
      1,
      0,
      0,
      0,
    ]);
    expect(await conflictsIn(ledger)).toEqual(['old t vector']);
    await ledger.deleteAssertion('memory-assert-000004', { by: 'ann' });
    await ledger.index({ entity: 'e', topic: 't', fact: 'room' });
    expect(await factsIn(ledger)).toEqual([...kept.filter((fact) => fact !== '4'), 'room']);
  });
}

function sharing(it: Register, maxAssertions: number): void {
  it('[memory.restart] goes on where a ledger of another process ended', async ({ ledger, another }) => {
    const about = { entity: 'a', topic: 't' };
    await ledger.index({ ...about, fact: 'one', conflict: true, conflictReason: 'why' });
    await ledger.index({ ...about, topic: 'u', conflict: true });
    await ledger.resolveConflict({ ...about, topic: 'u', by: 'ann' });
    const next = await another();
    expect(await next.query()).toEqual(await ledger.query());
    expect(await next.stores()).toEqual(await ledger.stores());
    expect(await next.changes()).toEqual(await ledger.changes());
    expect(await next.conflictFor(about)).toMatchObject({ reason: 'why' });
    expect(await next.index({ ...about, fact: 'two' })).toMatchObject({
      assertionId: 'memory-assert-000001',
    });
    expect(await factsIn(ledger)).toEqual(['one', 'two']);
  });

  it('[memory.shared] loses, doubles and miscounts nothing when several ledgers write at once', async ({
    ledger,
    another,
  }) => {
    const writers = [ledger, await another(), await another()];
    const each = Math.ceil(maxAssertions / 2);
    const answers = await Promise.all(
      writers.flatMap((writer, w) =>
        Array.from({ length: each }, (_, n) =>
          writer.index({ entity: `e${n % 2}`, topic: 't', fact: `${w}-${n}`, conflict: n === 0 }),
        ),
      ),
    );
    expect(new Set(answers.map(({ assertionId }) => assertionId)).size).toBe(writers.length * each);
    const { assertions, conflicts } = await ledger.query();
    expect(assertions.map(({ assertionId }) => assertionId)).toEqual(
      answers
        .map(({ assertionId = '' }) => assertionId)
        .toSorted((one, other) => (one < other ? -1 : 1))
        .slice(-maxAssertions),
    );
    for (const [w] of writers.entries()) {
      const ours = assertions.map(({ fact }) => fact.split('-')).filter(([who]) => who === `${w}`);
      const order = ours.map(([, n]) => Number(n));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
    expect(conflicts).toHaveLength(1);
    const counts = (await ledger.stores()).reduce((sum, { recordCount }) => sum + recordCount, 0);
    expect([counts, await ledger.conflictCount()]).toEqual([maxAssertions + 1, 1]);
  });
}
