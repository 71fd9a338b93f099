import { event } from '@mobkit/contract-kit';
import { nullEventSink } from '@mobkit/event-log';
import { expect, it } from 'vitest';

import { rest, start } from '../test/start.js';

it('[log.flush] resolves when everything given before is in the log, also if more keeps coming', async () => {
  const { store, ingestion, give } = await start();
  give('a', 'b');
  store.otherwise = 'hold';
  let report: unknown;
  void ingestion.flush().then((done) => (report = done));
  await rest();
  give('c');
  await rest();
  expect(report).toBeUndefined();
  store.release();
  await rest();
  expect(report).toEqual({ unflushed: 0 });
  expect(await store.ids()).toEqual(['a', 'b']);
});

it('[log.flush-failure] waits through retries, and begins one at once', async () => {
  const { store, ingestion, give, pass } = await start();
  store.answer('fail', 'fail');
  give('a');
  await pass(1000);
  let report: unknown;
  void ingestion.flush({ retryNow: true }).then((done) => (report = done));
  await rest();
  expect(store.attempts).toHaveLength(2);
  expect(report).toBeUndefined();
  await pass(50);
  expect(report).toEqual({ unflushed: 0 });
});

it('[log.flush-patient] does not cut the wait after a failure, however many readers flush', async () => {
  const { store, ingestion, give, pass } = await start();
  store.otherwise = 'fail';
  give('a');
  await pass(1000);
  const readers = [1, 2, 3].map(() => ingestion.flush());
  await rest();
  expect(store.attempts).toHaveLength(1);
  store.otherwise = 'store';
  await pass(50);
  expect(await Promise.all(readers)).toEqual([{ unflushed: 0 }, { unflushed: 0 }, { unflushed: 0 }]);
});

it('[log.flush-deadline] gives up at its deadline or signal and says how many are left', async () => {
  const { store, clock, ingestion, give } = await start();
  store.otherwise = 'hold';
  give('a', 'b');
  const late = ingestion.flush({ deadlineMs: 300 });
  const stop = new AbortController();
  const stopped = ingestion.flush({ signal: stop.signal });
  await rest();
  give('c');
  stop.abort();
  expect(await stopped).toEqual({ unflushed: 2 });
  clock.advance(300);
  expect(await late).toEqual({ unflushed: 2 });
  expect(await ingestion.flush({ signal: AbortSignal.abort() })).toEqual({ unflushed: 3 });
});

it('resolves at once when nothing is buffered', async () => {
  const { store, ingestion } = await start();
  expect(await ingestion.flush()).toEqual({ unflushed: 0 });
  expect(store.attempts).toEqual([]);
});

it('[log.close] writes what is left, stops its timers and takes no more', async () => {
  const { store, clock, ingestion, give } = await start();
  store.answer('fail');
  give('a');
  const closing = ingestion.close();
  expect(ingestion.close({ deadlineMs: 0 })).toBe(closing);
  give('late');
  await rest();
  clock.advance(50);
  expect(await closing).toMatchObject({ accepted: 2, persisted: 1, buffered: 0, dropped: { closed: 1 } });
  expect(clock.waiting).toBe(0);
  expect(await store.ids()).toEqual(['a']);
});

it('[log.close-deadline] counts what is left at the deadline as dropped, and leaves no timer', async () => {
  const { store, clock, ingestion, give } = await start({ batchSize: 1 });
  store.otherwise = 'hold';
  give('a');
  await rest();
  give('b');
  const flushed = ingestion.flush();
  const closing = ingestion.close({ deadlineMs: 2_000 });
  await rest();
  clock.advance(2_000);
  expect(await closing).toMatchObject({ buffered: 0, dropped: { closed: 2 } });
  expect(await flushed).toEqual({ unflushed: 0 });
  store.release('fail');
  await rest();
  expect(clock.waiting).toBe(0);
  expect(ingestion.stats()).toMatchObject({ accepted: 2, buffered: 0, dropped: { closed: 2 } });
});

it('does not wait longer than its own deadline for a log that is down', async () => {
  const { store, clock, ingestion, give, pass } = await start();
  store.otherwise = 'fail';
  give('a');
  const closing = ingestion.close();
  for (let ms = 0; ms < 5_000; ms += 50) await pass(50);
  expect(await closing).toMatchObject({ dropped: { closed: 1 } });
  expect(clock.waiting).toBe(0);
});

it('[log.null-sink] counts everything as filtered where no log is kept', async () => {
  const sink = nullEventSink();
  sink.ingest(event('a'));
  expect(await sink.flush()).toEqual({ unflushed: 0 });
  expect(await sink.close()).toMatchObject({ accepted: 1, filtered: 1 });
  sink.ingest(event('b'));
  expect(sink.stats()).toMatchObject({ accepted: 2, filtered: 1, dropped: { closed: 1 } });
});
