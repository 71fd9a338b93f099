import type { OrderedLog } from '@mobkit/core';

/** What is wrong with a log, in numbers; all 0 when nothing is. */
export interface LogFaults {
  /** Acknowledged, and not there. */
  readonly lost: number;
  /** There more than once. */
  readonly repeated: number;
  /** After one of the same writer that was written later. */
  readonly outOfOrder: number;
  /** Numbers that no entry has. */
  readonly holes: number;
}

export const NO_FAULTS: LogFaults = { lost: 0, repeated: 0, outOfOrder: 0, holes: 0 };

/** The id of a writer's `n`th entry. */
export function idOf(writer: number | string, n: number): string {
  return `${writer}:${n}`;
}

/**
 * Looks at everything that was read of a log, in the order it was read.
 *
 * @param acknowledged - by writer, how many of its entries, from 0, it was told are kept.
 */
export function faultsOf(
  read: readonly { readonly seq: number; readonly id: string }[],
  acknowledged: ReadonlyMap<string, number>,
): LogFaults {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  let [repeated, outOfOrder, holes, before] = [0, 0, 0, 0];
  for (const { seq, id } of read) {
    const [writer = '', n] = id.split(':');
    if (seen.has(id)) repeated++;
    seen.add(id);
    if (Number(n) < (last.get(writer) ?? -1)) outOfOrder++;
    last.set(writer, Number(n));
    if (seq !== before + 1) holes++;
    before = seq;
  }
  let lost = 0;
  for (const [writer, count] of acknowledged) {
    for (let n = 0; n < count; n++) if (!seen.has(idOf(writer, n))) lost++;
  }
  return { lost, repeated, outOfOrder, holes };
}

/** All that a log holds. */
export async function readAll(log: Pick<OrderedLog, 'read'>) {
  const all: { seq: number; id: string }[] = [];
  for (let afterSeq = 0, more = true; more;) {
    const page = await log.read({ afterSeq, limit: 2_000 });
    all.push(...page.entries.map(({ seq, id }) => ({ seq, id })));
    afterSeq = page.scannedTo;
    more = page.more;
  }
  return all;
}
