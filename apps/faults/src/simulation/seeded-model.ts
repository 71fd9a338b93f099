import { type Clock, delay, MobError } from '@mobkit/core';
import type { LlmClient, LlmProvider } from '@mobkit/core/mob';
import type { SeededRandom } from '@mobkit/contract-kit';

/** A model that takes its time, and sometimes fails or never ends, as the seed decides. */
export function seededModel(random: SeededRandom, clock: Clock, faults: () => boolean): LlmProvider {
  const client: LlmClient = {
    provider: 'seeded',
    async *stream({ signal }) {
      await delay(clock, random.whole(0, 200), signal);
      if (faults() && random.chance(0.05)) throw new Error('the model failed');
      if (faults() && random.chance(0.1)) throw busy();
      if (faults() && random.chance(0.03)) await delay(clock, 1e9, signal);
      for (let at = random.whole(1, 3); at > 0; at -= 1) {
        signal?.throwIfAborted();
        yield { type: 'text_delta', delta: 'word ' };
        await delay(clock, random.whole(0, 20), signal);
      }
      signal?.throwIfAborted();
      yield { type: 'done', stopReason: 'end_turn' };
    },
    healthCheck: async () => {},
  };
  return { client, supports: () => true };
}

function busy(): MobError {
  return new MobError('MOB_LLM_FAILED', 'the model is busy', { retryable: true });
}
