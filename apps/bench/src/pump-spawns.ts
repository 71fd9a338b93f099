import { createMobEngine, testProvider } from '@mobkit/mob';
import { bootstrapRuntime } from '@mobkit/runtime';
import { openMemoryStores } from '@mobkit/store-memory';

/** Spawns members, gives each a message at once, and answers how many of their first events nobody was given. */
export async function spawnedAndSeen(count: number): Promise<number> {
  const { storage, metadata } = await openMemoryStores();
  const engine = createMobEngine({
    storage,
    providers: () => [testProvider()],
    maxSessions: count,
    allowEphemeralSessions: true,
  });
  const worker = {
    model: 'test',
    tools: { comms: true },
    runtime_mode: 'turn_driven',
    external_addressable: true,
  } as const;
  const runtime = await bootstrapRuntime({
    engine,
    definition: { id: 'bench', profiles: { worker } },
    storage,
    metadata,
  });
  const spawned = new Set<string>();
  runtime.onMobEvent(({ kind, agentIdentity }) => {
    if (kind === 'member_spawned' && agentIdentity !== undefined) spawned.add(agentIdentity);
  });
  const started = new Set<string>();
  const stream = runtime.agentEvents({});
  const following = (async () => {
    for await (const item of stream) {
      if (item.type === 'gap') continue;
      const { identity, event } = item.event;
      if (event.eventType === 'run_started' && identity !== undefined) started.add(identity);
    }
  })();
  for (let n = 0; n < count; n += 1) {
    const identity = `worker-${n}`;
    await runtime.roster.spawn({ identity, profile: 'worker' });
    await runtime.sendMessage(identity, 'Begin');
  }
  await runtime.whenIdle();
  await runtime.drain();
  await runtime.shutdown();
  await following;
  return count - spawned.size + (count - started.size);
}
