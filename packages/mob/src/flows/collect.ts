import type { CollectionPolicy } from '@mobkit/core/mob';

import type { TargetResult } from './run-target.js';

export interface Collected {
  /** Of those who answered until enough did, in the order of the targets. */
  readonly answered: readonly (TargetResult & { readonly type: 'answered' })[];
  /** Why there are not enough; absent when there are. */
  readonly failure?: string;
  /** The first who answered. */
  readonly first?: TargetResult & { readonly type: 'answered' };
}

/**
 * Waits until enough members answered, or all have come to an end. `enough` is called at the moment when the others are not
 * needed any more; what becomes of them is nobody's concern then.
 *
 * @throws what a target throws, before there are enough answers.
 */
export async function collect(
  targets: readonly Promise<TargetResult>[],
  policy: CollectionPolicy,
  enough: () => void,
): Promise<Collected> {
  const results: (TargetResult | undefined)[] = targets.map(() => undefined);
  const needed = policy.type === 'all' ? targets.length : policy.type === 'any' ? 1 : policy.n;
  let first: Collected['first'];
  let open = targets.length;
  return new Promise((resolve, reject) => {
    const look = () => {
      const answered = results.flatMap((result) => (result?.type === 'answered' ? [result] : []));
      const done = { answered, ...(first && { first }) };
      if (answered.length >= needed) {
        enough();
        resolve(done);
      } else if (open === 0) {
        const reasons = results.flatMap((result) => (result?.type === 'failed' ? [result.reason] : []));
        resolve({ ...done, failure: reasons.join('; ') });
      }
    };
    for (const [at, target] of targets.entries()) {
      const take = (result: TargetResult) => {
        open -= 1;
        results[at] = result;
        if (result.type === 'answered') first ??= result;
        look();
      };
      target.then(take, reject);
    }
  });
}
