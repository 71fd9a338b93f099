import { setImmediate as nextTurn } from 'node:timers/promises';

import { ManualClock } from '@mobkit/contract-kit';
import {
  type ErrorEvent,
  MobError,
  type SessionRow,
  type SessionStore,
  sessionStoreOver,
  type Storage,
} from '@mobkit/core';
import { expect, it, onTestFinished } from 'vitest';

import { memoryStorage, openTestMob } from '../../test/open-test-mob.js';
import { sessionsDefinition } from '../members/session.js';
import { openSessionRows } from './session-rows.js';

/** A session store that can be made to fail or to take its time, and tells of every append. */
class Warehouse implements SessionStore {
  readonly #inner: SessionStore;
  readonly appended: (readonly SessionRow[])[] = [];
  reads = 0;
  down = false;
  /** Takes no batch with a row of these labels, ever. */
  refuses: string | undefined;
  held: Promise<void> = Promise.resolve();

  constructor(inner: SessionStore) {
    this.#inner = inner;
  }

  static async open(): Promise<Warehouse> {
    return new Warehouse(await sessionStoreOver(await memoryStorage()));
  }

  get supports() {
    return this.#inner.supports;
  }

  async append(rows: readonly SessionRow[]): Promise<void> {
    await this.held;
    this.#expectUp();
    if (this.refuses !== undefined && rows.some(({ labels }) => labels['team'] === this.refuses)) {
      throw new MobError('MOB_STORE_REFUSED', 'The warehouse does not take such a row');
    }
    this.appended.push(rows);
    await this.#inner.append(rows);
  }

  history: SessionStore['history'] = (query) => this.#inner.history(query);
  live: SessionStore['live'] = (query) => this.#inner.live(query);
  compact: SessionStore['compact'] = () => this.#inner.compact();
  latest: SessionStore['latest'] = async (query) => {
    this.reads += 1;
    this.#expectUp();
    return this.#inner.latest(query);
  };

  #expectUp(): void {
    if (this.down)
      throw new MobError('MOB_STORE_UNAVAILABLE', 'The warehouse is closed', { retryable: true });
  }
}

interface Given {
  readonly warehouse?: Warehouse;
  readonly storage?: Awaited<ReturnType<typeof memoryStorage>>;
  readonly clock?: ManualClock;
}

/** A mob whose sessions are told to a warehouse. */
async function openTold({ warehouse, storage, clock = new ManualClock(1_000) }: Given = {}) {
  const sessions = warehouse ?? (await Warehouse.open());
  const kept = storage ?? (await memoryStorage());
  const told: ErrorEvent[] = [];
  const onError = (event: ErrorEvent) => void told.push(event);
  const rows = openSessionRows({ storage: kept, sessions, mobId: 'crew', onError, clock });
  onTestFinished(async () => {
    const closed = rows.close(0);
    clock.advance(0);
    await closed;
  });
  const { mob } = await openTestMob({ storage: rows.storage, clock });
  return { mob, rows, warehouse: sessions, storage: kept, clock, told };
}

type Told = Awaited<ReturnType<typeof openTold>>;

async function run({ mob }: Told, identity: string): Promise<void> {
  await mob.send(identity, 'hello');
  await mob.whenIdle();
}

const payloadOf = ({ payload }: SessionRow) => payload as Readonly<Record<string, unknown>>;

it('[sessions.mob-rows] writes a row when a session begins and when a run of it is kept, and a tombstone when it is archived', async () => {
  const given = await openTold();
  const { mob, rows, warehouse } = given;
  await mob.spawn({ identity: 'w', profile: 'worker', labels: { team: 'red' } });
  await rows.settled();
  const sessionId = mob.member('w')!.sessionId;
  const [begun] = (await warehouse.live()).rows;
  expect(begun).toMatchObject({ sessionId, deleted: false, labels: { team: 'red', role: 'worker' } });
  await run(given, 'w');
  await rows.settled();
  const [kept] = (await warehouse.live()).rows;
  expect(kept?.payload).toEqual({
    mob_id: 'crew',
    identity: 'w',
    generation: 0,
    role: 'worker',
    runs: 1,
    messages: 2,
    tool_calls: 0,
    input_tokens: expect.any(Number),
    output_tokens: expect.any(Number),
    duration_ms: 0,
    created_at_ms: 1_000,
    archived_at_ms: null,
  });
  await mob.retire('w');
  await rows.settled();
  expect((await warehouse.live()).rows).toEqual([]);
  const [gone] = (await warehouse.latest()).rows;
  expect(gone).toMatchObject({ sessionId, deleted: true, payload: { archived_at_ms: 1_000, runs: 1 } });
  // The clock stood still.
  const { rows: history } = await warehouse.history();
  expect(history.map(({ updatedAtMs }) => updatedAtMs)).toEqual([1_000, 1_001, 1_002]);
});

it('[sessions.mob-newest] holds no turn up while the store is slow, and writes the newest row of each session afterwards', async () => {
  const given = await openTold();
  const { mob, rows, warehouse } = given;
  await rows.settled();
  let release = () => {};
  warehouse.held = new Promise((resolve) => (release = resolve));
  await mob.spawn({ identity: 'w', profile: 'worker' });
  await mob.spawn({ identity: 'v', profile: 'worker' });
  for (let n = 0; n < 5; n++) await run(given, 'w');
  expect(warehouse.appended).toEqual([]);
  release();
  await rows.settled();
  const { rows: history } = await warehouse.history({ sessionId: mob.member('w')!.sessionId });
  expect(history.length).toBeLessThanOrEqual(2);
  expect(payloadOf(history.at(-1)!)['runs']).toBe(5);
  expect((await warehouse.live()).rows).toHaveLength(2);
});

it('[sessions.mob-outage] tells once that the store is down and once that it is back, and writes what waited', async () => {
  const given = await openTold();
  const { mob, rows, warehouse, clock, told } = given;
  await rows.settled();
  warehouse.down = true;
  await mob.spawn({ identity: 'w', profile: 'worker' });
  await run(given, 'w');
  for (let n = 0; n < 5; n++) {
    clock.advance(30_000);
    await nextTurn();
  }
  warehouse.down = false;
  while (!told.some(({ category }) => category === 'session_rows_recovered')) {
    clock.advance(30_000);
    await nextTurn();
  }
  await rows.settled();
  expect(told.map(({ category }) => category)).toEqual(['session_rows_failure', 'session_rows_recovered']);
  expect((await warehouse.live()).rows.map((row) => payloadOf(row)['runs'])).toEqual([1]);
});

it('[sessions.mob-refused] writes the other rows when the store refuses one, and tells of it once', async () => {
  const { mob, rows, warehouse, clock, told } = await openTold();
  await rows.settled();
  warehouse.refuses = 'odd';
  let release = () => {};
  warehouse.held = new Promise((resolve) => (release = resolve));
  await mob.spawn({ identity: 'a', profile: 'worker' });
  await mob.spawn({ identity: 'b', profile: 'worker', labels: { team: 'odd' } });
  await mob.spawn({ identity: 'c', profile: 'worker' });
  release();
  const live = async () =>
    (await warehouse.live()).rows.map((row) => String(payloadOf(row)['identity'])).toSorted();
  while ((await live()).length < 2) {
    clock.advance(30_000);
    await nextTurn();
  }
  expect(await live()).toEqual(['a', 'c']);
  expect(told.map(({ category }) => category)).toEqual(['session_rows_failure']);
  const closing = rows.close(1_000);
  clock.advance(1_000);
  expect(await closing).toBe(1);
});

it('[sessions.mob-open-run] writes a later row of a session that was in the middle of a run at the start', async () => {
  const warehouse = await Warehouse.open();
  const storage = await memoryStorage();
  const first = await openTold({ warehouse, storage });
  await first.mob.spawn({ identity: 'w', profile: 'worker' });
  await first.rows.settled();
  await first.mob.shutdown();
  await first.rows.close(0);
  const key = first.mob.member('w')!.sessionId;
  const kept = storage.records(sessionsDefinition);
  const put = async (to: Storage, changed: object) => {
    const record = (await kept.get(key))!;
    const data = JSON.stringify({ ...JSON.parse(record.data), ...changed });
    await to.commit({
      puts: [{ records: sessionsDefinition, key, record: { fields: record.fields, data } }],
    });
  };
  await put(storage, { open_run: 'run-1' });

  // The machine's clock was set back meanwhile.
  const rows = openSessionRows({
    storage,
    sessions: warehouse,
    mobId: 'crew',
    onError: () => {},
    clock: new ManualClock(10),
  });
  await rows.settled();
  await put(rows.storage, { open_run: undefined, runs: 1 });
  await rows.settled();
  expect((await warehouse.live()).rows.map((row) => payloadOf(row)['runs'])).toEqual([1]);
  expect(await rows.close(0)).toBe(0);
});

it('[sessions.mob-restart] writes after a restart what was not written before, and nothing again that was', async () => {
  const warehouse = await Warehouse.open();
  const clock = new ManualClock(1_000);
  const first = await openTold({ warehouse, clock });
  for (const identity of ['known', 'behind', 'gone']) {
    await first.mob.spawn({ identity, profile: 'worker' });
  }
  await first.rows.settled();
  warehouse.down = true;
  await run(first, 'behind');
  await first.mob.retire('gone');
  await first.mob.spawn({ identity: 'new', profile: 'worker' });
  const closing = first.rows.close(5_000);
  clock.advance(5_000);
  expect(await closing).toBe(3);
  await first.mob.shutdown();

  warehouse.down = false;
  const before = warehouse.appended.flat().length;
  // The machine's clock was set back meanwhile.
  const second = await openTold({ warehouse, storage: first.storage, clock: new ManualClock(10) });
  await second.rows.settled();
  const live = (await warehouse.live()).rows.map((row) => {
    const { identity, runs } = payloadOf(row);
    return `${String(identity)} ${String(runs)}`;
  });
  expect(live.toSorted()).toEqual(['behind 1', 'known 0', 'new 0']);
  expect(warehouse.appended.flat()).toHaveLength(before + 3);
  await second.mob.retire('known');
  await second.rows.settled();
  expect((await warehouse.live()).rows).toHaveLength(2);
});

it('[sessions.mob-shared] reads of a store that others share no more than what is near its own sessions', async () => {
  const warehouse = await Warehouse.open();
  const first = await openTold({ warehouse });
  await first.mob.spawn({ identity: 'w', profile: 'worker' });
  await first.rows.settled();
  await first.mob.shutdown();
  const id = first.mob.member('w')!.sessionId;
  const others = Array.from({ length: 600 }, (_, n) => ({
    sessionId: ` before ${id} ${n}`,
    updatedAtMs: 1,
    deleted: false,
    payload: null,
    labels: {},
  }));
  await warehouse.append(others);
  const before = { reads: warehouse.reads, appends: warehouse.appended.length };
  const second = await openTold({ warehouse, storage: first.storage });
  await second.rows.settled();
  expect(warehouse.reads - before.reads).toBe(1);
  await second.rows.close(0);

  // As many begin as its own does.
  const near = others.map((row, n) => ({ ...row, sessionId: `${id.slice(0, -1)} ${n}` }));
  await warehouse.append(near);
  const third = await openTold({ warehouse, storage: first.storage });
  await third.rows.settled();
  expect(warehouse.appended).toHaveLength(before.appends + 1);
});

it('[sessions.mob-close] ends by its deadline with what could not be written, and waits for what can', async () => {
  const { mob, rows, warehouse, clock } = await openTold();
  await rows.settled();
  let release = () => {};
  warehouse.held = new Promise((resolve) => (release = resolve));
  await mob.spawn({ identity: 'w', profile: 'worker' });
  const closing = rows.close(1_000);
  release();
  expect(await closing).toBe(0);
  expect((await warehouse.live()).rows).toHaveLength(1);

  const other = await openTold({ clock });
  await other.rows.settled();
  other.warehouse.held = new Promise(() => {});
  await other.mob.spawn({ identity: 'w', profile: 'worker' });
  const late = other.rows.close(1_000);
  clock.advance(1_000);
  expect(await late).toBe(1);
});
