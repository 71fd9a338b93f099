import { expect, it } from 'vitest';

import { short, take } from '../test/support/read-stream.js';
import { startRuntime, world } from '../test/support/start-runtime.js';

const delta = { type: 'text_delta', delta: 'x' } as const;

it('[runtime.child-streams] counts a member of a mob that an agent made apart from one of the same name', async () => {
  const { runtime, engine, mob, sink, eventLog } = await startRuntime();
  const child = await engine.makeChild('helpers');
  const ours = runtime.agentEvents({});
  const theirs = runtime.agentEvents({ mobId: 'helpers', identity: 'a' });
  mob.act('a', delta);
  child.act('a', delta);
  child.act('b', delta);
  mob.act('a', delta);
  child.act('a', delta);
  expect(ours.takeReady().map(short)).toEqual(['1.1', '1.2']);
  expect(theirs.takeReady().map((item) => item.type === 'event' && item.event.stream)).toEqual([
    { epoch: 1, n: 1, agentN: 1 },
    { epoch: 1, n: 3, agentN: 2 },
  ]);
  await sink.flush();
  const { events } = await eventLog.query({});
  expect(events.map(({ mobId, identity, stream }) => [mobId, identity, stream?.n, stream?.agentN])).toEqual([
    ['demo', 'a', 1, 1],
    ['helpers', 'a', 1, 1],
    ['helpers', 'b', 2, 1],
    ['demo', 'a', 2, 2],
    ['helpers', 'a', 3, 2],
  ]);
});

it('[runtime.child-resume] follows the stream of a mob that an agent made over a restart, without a gap of what others did', async () => {
  const here = await world();
  const first = await startRuntime({}, here);
  const child = await here.engine.makeChild('helpers');
  for (const who of [child, first.mob, child, first.mob, child]) who.act('a', delta);
  await here.sink.flush();
  child.act('a', delta);
  here.sink.lose();
  await first.runtime.shutdown();
  const { runtime, mob, engine } = await startRuntime({}, here);
  const again = await engine.makeChild('helpers');
  again.act('a', delta);
  mob.act('a', delta);
  const after = { epoch: 1, n: 1 };
  expect(await take(runtime.agentEvents({ mobId: 'helpers', after }), 4)).toEqual([
    '1.2',
    '1.3',
    'not_kept 1.3..1.4',
    '2.1',
  ]);
  expect(await take(runtime.agentEvents({ mobId: 'helpers', identity: 'a', after }), 4)).toEqual([
    '1.2',
    '1.3',
    'not_kept 1.3..1.4',
    '2.1',
  ]);
  expect(await take(runtime.agentEvents({ after }), 2)).toEqual(['1.2', '2.1']);
});

it('[runtime.child-ledgers] tells the structural events of mobs that agents made from their first on, until they are gone', async () => {
  const { runtime, engine, told } = await startRuntime();
  const seen: string[] = [];
  runtime.onMobEvent(({ mobId, cursor, kind }) => void seen.push(`${mobId} ${cursor} ${kind}`));
  const child = await engine.makeChild('helpers');
  await child.spawn({ identity: 'a', profile: 'worker' });
  await runtime.drain();
  expect(seen).toEqual(['helpers 1 mob_created', 'helpers 2 member_spawned']);
  const page = await runtime.queryMobEvents({ mobId: 'helpers', afterCursor: 1 });
  expect(page.events.map(({ agentIdentity }) => agentIdentity)).toEqual(['a']);
  engine.childMobs.set('helpers', undefined);
  await child.events.append({ type: 'mob_completed' });
  await runtime.drain();
  expect(seen).toHaveLength(2);
  expect((await runtime.queryMobEvents({ mobId: 'helpers' })).events).toEqual([]);
  expect(told).toEqual([]);
});

it('[runtime.child-ledgers] goes on in the ledger of such a mob where the runtime before it ended', async () => {
  const here = await world();
  const first = await startRuntime({}, here);
  const child = await here.engine.makeChild('helpers');
  await first.runtime.drain();
  await first.runtime.shutdown();
  await child.events.append({ type: 'mob_reset' });
  const seen: string[] = [];
  const { runtime } = await startRuntime(
    { onMobEvent: ({ mobId, cursor }) => void seen.push(`${mobId} ${cursor}`) },
    here,
  );
  await runtime.drain();
  expect(seen).toEqual(['helpers 2']);
});
