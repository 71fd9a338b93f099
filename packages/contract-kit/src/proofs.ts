import { afterEach, describe, it } from 'vitest';

/** Registers what is to be proved of a part, each on a stage of its own. */
export type Proofs<S> = (it: (title: string, prove: Proof<S>) => void) => void;

export type Proof<S> = (stage: S) => Promise<void>;

/** Registers proofs as tests. The stage of each is closed after it, also when it failed. */
export function describeProofs<S extends { close(): Promise<void> }>(
  title: string,
  open: () => Promise<S>,
  proofs: readonly Proofs<S>[],
): void {
  // oxlint-disable-next-line vitest/valid-title -- the contract and who has to keep it
  describe(title, () => {
    const stages: S[] = [];
    afterEach(async () => {
      for (const stage of stages.splice(0)) await stage.close();
    });
    for (const register of proofs) {
      register((what, prove) => {
        // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- what is proved has its title and proves itself
        it(what, async () => {
          const stage = await open();
          stages.push(stage);
          await prove(stage);
        });
      });
    }
  });
}
