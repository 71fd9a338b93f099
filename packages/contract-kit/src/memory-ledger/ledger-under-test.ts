import type { MemoryLedger } from '@mobkit/core/ops';

/** What a harness opens. */
export interface LedgerUnderTest {
  readonly ledger: MemoryLedger;
  /** One more ledger on what this one keeps, beside it, as another process has one. */
  another(): Promise<MemoryLedger>;
}

/** Indexes facts, each after the one before. */
export async function indexAll(
  ledger: MemoryLedger,
  facts: readonly (readonly [entity: string, topic: string, fact: string, store?: string])[],
): Promise<void> {
  for (const [entity, topic, fact, store] of facts) {
    await ledger.index({ entity, topic, fact, ...(store !== undefined && { store }) });
  }
}

/** The facts that a ledger finds, in its order. */
export async function factsIn(
  ledger: MemoryLedger,
  query: Parameters<MemoryLedger['query']>[0] = {},
): Promise<string[]> {
  return (await ledger.query(query)).assertions.map(({ fact }) => fact);
}

/** Which conflicts a ledger finds, in its order. */
export async function conflictsIn(
  ledger: MemoryLedger,
  query: Parameters<MemoryLedger['query']>[0] = {},
): Promise<string[]> {
  const { conflicts } = await ledger.query(query);
  return conflicts.map(({ entity, topic, store }) => `${entity} ${topic} ${store}`);
}
