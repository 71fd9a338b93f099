import type { RecordStore } from '@mobkit/core';

/** More claims than any test has records: a store that hands out the same ones forever is told, not waited for. */
const MOST_CLAIMS = 1_000;

/** Claims a few at a time until nothing is due, for longer than a test takes. Answers with the keys. */
export async function claimAll(records: RecordStore, owner: string): Promise<string[]> {
  const keys: string[] = [];
  for (let claims = 0; claims < MOST_CLAIMS; claims++) {
    const claimed = await records.claimDue({ owner, leaseMs: 3_600_000, limit: 7 });
    // What another claimer is just taking may be passed over: it is not due any more then.
    if (claimed.records.length === 0) return keys;
    keys.push(...claimed.records.map(({ key }) => key));
  }
  throw new Error(`${owner} was handed records ${MOST_CLAIMS} times and there were still more`);
}
