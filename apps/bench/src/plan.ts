import { createMobEngine, testProvider } from '@mobkit/mob';
import { bootstrapRuntime, type UnifiedRuntime } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';

import type { Bench } from './bench.js';
import { scaled } from './scale.js';

const REPEATS = 20;
/** The first plans pay for compiling. */
const WARM = 3;

/** What it costs to find out that nothing is to be done. */
export const plan: Bench = {
  name: 'plan',
  about: 'planning a desired roster and its wires against a mob that has them all; milliseconds',
  async run(progress) {
    const [members, edges] = [scaled(10_000), scaled(20_000)];
    const { storage, metadata, close } = await openMemoryStores();
    const engine = createMobEngine({
      storage,
      providers: () => [testProvider()],
      allowEphemeralSessions: true,
      maxSessions: members,
    });
    const worker = { model: 'test', tools: { comms: true }, runtime_mode: 'turn_driven' } as const;
    const definition = { id: 'plan', profiles: { worker } };
    const runtime = await bootstrapRuntime({ engine, definition, storage, metadata });
    try {
      progress(`plan: making ${members} members and ${edges} wires`);
      const desired = shapeOf(members, edges);
      const { complete } = await runtime.shape.reconcile(desired);
      if (!complete) throw new Error('plan: the mob has not the desired shape');
      progress('plan: planning');
      return {
        settings: { members, edges: desired.edges.length, repeats: REPEATS },
        samples: { plan_ms: await timesToPlan(runtime, desired) },
      };
    } finally {
      await runtime.shutdown();
      await close();
    }
  },
};

async function timesToPlan({ shape }: UnifiedRuntime, desired: ReturnType<typeof shapeOf>) {
  const samples: number[] = [];
  for (let repeat = -WARM; repeat < REPEATS; repeat++) {
    const startedMs = performance.now();
    const { empty } = await shape.plan(desired);
    if (repeat >= 0) samples.push(performance.now() - startedMs);
    if (!empty) throw new Error('plan: there is something to do');
  }
  return samples;
}

/** Each member is wired to those that come a few places after it. */
function shapeOf(members: number, edges: number) {
  const name = (at: number) => `worker-${String(at % members).padStart(6, '0')}`;
  const wires = Array.from({ length: edges }, (_, at) => {
    return { a: name(at), b: name(at + 1 + 2 * Math.floor(at / members)) };
  });
  return {
    members: Array.from({ length: members }, (_, at) => ({ identity: name(at), profile: 'worker' })),
    edges: wires,
  };
}
