import { expect, it } from 'vitest';

import { tell } from './figures.js';
import { amount } from './long.js';
import { simulate } from './simulation/simulate.js';
import type { Sabotage } from './simulation/world.js';

const SEEDS = amount({ long: 20_000, short: 1_000 });
const only = process.env['MOBKIT_SEED'] || undefined;

const replay = (seed: number) => `MOBKIT_SEED=${seed} npm test -- apps/faults/src/simulation.test.ts`;

it(
  '[simulation.seeds] keeps every promise of a runtime under faults, whatever the seed',
  async () => {
    const seeds = only === undefined ? Array.from({ length: SEEDS }, (_, at) => at + 1) : [Number(only)];
    const failures: string[] = [];
    for (const seed of seeds) {
      const { violations, trace } = await simulate(seed);
      if (violations.length === 0) continue;
      if (only !== undefined) failures.push(...trace.lines);
      failures.push(...violations, `Run it again: ${replay(seed)}`);
      if (failures.length > 10) break;
    }
    expect(failures.join('\n')).toBe('');
    tell('simulation', { seeds: seeds.length });
  },
  amount({ long: 3_600_000, short: 120_000 }),
);

it('[simulation.replay] does the same again for the same seed', async () => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const [one, other] = [await simulate(seed), await simulate(seed)];
    expect(other.trace.lines).toEqual(one.trace.lines);
    expect(one.trace.lines).not.toEqual([]);
  }
});

it.each<Sabotage>([{ tellsTwice: true }, { skipsEntries: true }, { leavesTimer: true }, { hangs: true }])(
  '[simulation.finds] notices within fifty seeds when %o',
  async (sabotage) => {
    const found: string[] = [];
    for (let seed = 1; seed <= 50 && found.length === 0; seed += 1) {
      found.push(...(await simulate(seed, sabotage)).violations);
    }
    expect(found).not.toEqual([]);
  },
);
