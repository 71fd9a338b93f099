import { setTimeout as pause } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { failed } from '../test/planted-faults.js';

/** A stage on which what is proved takes so long, in milliseconds. */
const taking = (ms: number) => async () => ({ ms, close: async () => {} });
const waits = {
  title: 'waits',
  id: 'waits',
  prove: ({ ms }: { ms: number }) => pause(ms, undefined, { ref: false }),
};

it('[kit.planted-slow] takes no part for one that waits in vain because the machine is slow', async () => {
  expect(await failed([waits], taking(300), taking(300))).toEqual([]);
  expect(await failed([waits], taking(60_000), taking(1))).toEqual(['waits']);
});
