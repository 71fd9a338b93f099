// A mob of one, offline: the engine over any storage, without the runtime around it.
import { createMobEngine, testProvider } from '@mobkit/mob';
import { openMemoryStores } from '@mobkit/store-memory';

const { storage, close } = await openMemoryStores();
const engine = createMobEngine({
  storage,
  providers: () => [testProvider({ text: 'Good morning!' })],
  // In memory: nothing outlives the process.
  allowEphemeralSessions: true,
});
const greeter = { model: 'test', tools: { comms: true }, external_addressable: true };
const definition = {
  id: 'hall',
  profiles: { greeter },
  members: [{ identity: 'greeter', profile: 'greeter' }],
};
const { mob } = await engine.open({ definition });
mob.onAgentEvent(({ source, payload, interactionId }) => {
  if (payload.type === 'run_completed' && interactionId === 'hello') {
    console.log(`${source.identity}: ${payload.result}`);
  }
});
mob.start();
await mob.send('greeter', 'Hello', { interactionId: 'hello' });
await mob.whenIdle();
console.log(
  mob
    .members()
    .map(({ identity, status }) => `${identity} is ${status}`)
    .join(', '),
);
await mob.shutdown();
await close();
