import { expect, it } from 'vitest';

import { startRuntime } from '../test/support/start-runtime.js';

/** A mob in which `a` is in every tenth entry, now at one end of a wire, now at the other, now by itself. */
async function busy() {
  const started = await startRuntime();
  const { events } = started.mob;
  for (let n = 1; n <= 1_200; n += 1) {
    const other = `m${n}`;
    if (n % 10 > 0) await events.append({ type: 'members_wired', a: other, b: 'hub' });
    else if (n % 30 === 0) await events.append({ type: 'members_wired', a: 'a', b: other });
    else if (n % 30 === 10)
      await events.append({ type: 'members_wired_batch', edges: [{ a: other, b: 'a' }] });
    else await events.append({ type: 'member_retired', agent_identity: 'a', generation: 0, role: 'worker' });
  }
  // The first entry is the creation of the mob.
  return { ...started, expected: Array.from({ length: 120 }, (_, at) => at * 10 + 11) };
}

it('[runtime.wires-by-identity] finds the wires of a member at whichever end, forward page by page, each once and in order', async () => {
  const { runtime, expected } = await busy();
  const found: number[] = [];
  for (let afterCursor = 0, more = true; more;) {
    const page = await runtime.queryMobEvents({ agentIdentity: 'a', afterCursor, limit: 7 });
    found.push(...page.events.map(({ cursor }) => cursor));
    expect(page.scannedTo).toBeGreaterThan(afterCursor);
    ({ scannedTo: afterCursor, more } = page);
  }
  expect(found).toEqual(expected);
  const wires = await runtime.queryMobEvents({
    agentIdentity: 'a',
    kinds: ['members_wired'],
    afterCursor: 0,
  });
  expect(wires.events.map(({ cursor }) => cursor)).toEqual(expected.filter((_, at) => at % 3 === 2));
  expect(wires.events.every(({ agentIdentity }) => agentIdentity === undefined)).toBe(true);
  const retired = await runtime.queryMobEvents({ agentIdentity: 'a', kinds: ['member_retired'] });
  expect(retired.events).toHaveLength(40);
});

it('[runtime.wires-by-identity] finds the newest when no cursor is given, and what comes when followed', async () => {
  const { runtime, mob, expected } = await busy();
  const newest = await runtime.queryMobEvents({ agentIdentity: 'a', limit: 50 });
  expect(newest.events.map(({ cursor }) => cursor)).toEqual(expected.slice(-50));
  expect(newest.more).toBe(true);
  const tail = runtime.tailMobEvents({ agentIdentity: 'a', afterCursor: 1_180 })[Symbol.asyncIterator]();
  const next = async () => ((await tail.next()).value as { readonly cursor: number }).cursor;
  expect([await next(), await next()]).toEqual([1_181, 1_191]);
  expect(await next()).toBe(1_201);
  await mob.wire('x', 'y');
  await mob.wire('x', 'a');
  expect(await next()).toBe(1_203);
  await tail.return?.();
});
