import { expect, it } from 'vitest';

import { runEndingProgram } from '../test/ending-process.js';
import { start } from '../test/start.js';

it.each(['close', 'flush'])('[log.awaited] keeps the process alive while a %s is awaited', async (what) => {
  expect(await runEndingProgram(what)).toEqual({ code: 0, said: '1' });
});

it.each(['leave', 'nothing'])('[log.unawaited] lets the process end when nobody waits: %s', async (what) => {
  expect(await runEndingProgram(what)).toEqual({ code: 0, said: '' });
});

it('[log.awaited] keeps it alive for a flush without a deadline too, in the wait after a failure', async () => {
  const { store, clock, ingestion, give, pass } = await start();
  store.otherwise = 'fail';
  give('a');
  expect([clock.waiting, clock.holding]).toEqual([1, 0]);
  await pass(1_000);
  const stop = new AbortController();
  const flushed = ingestion.flush({ signal: stop.signal });
  expect([clock.waiting, clock.holding]).toEqual([2, 1]);
  stop.abort();
  expect(await flushed).toEqual({ unflushed: 1 });
  expect(clock.holding).toBe(0);
});
