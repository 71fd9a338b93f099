import type { NewEntry, OrderedLog, Storage } from '@mobkit/core';
import type { MobDefinition } from '@mobkit/core/mob';
import { createMobEngine, readRoster } from '@mobkit/mob';
import { openMemoryStores } from '@mobkit/store-memory';
import { openPostgresStores } from '@mobkit/store-postgres';
import { openSqliteStores } from '@mobkit/store-sqlite';

import type { Bench } from './bench.js';
import { ledgerEntries, ledgerLog, MEMBERS_IN_LEDGER, MOB_ID } from './ledger-entries.js';
import { postGcHeap } from './post-gc-heap.js';
import { startPostgres } from './postgres.js';
import { scaled } from './scale.js';
import { diskOfTemporaryFiles, inTemporaryDirectory } from './temporary-directory.js';

const REPEATS = 3;
const BATCH = 2_000;

/** What many members cost: to spawn, to have, and to find again in a long ledger. */
export const members: Bench = {
  name: 'members',
  about: 'turn-driven members in one process over the memory store; folding a long ledger',
  async run(progress) {
    const count = scaled(10_000);
    const events = scaled(1_000_000);
    const samples: Record<string, number[]> = {};
    const add = (name: string, value: number) => (samples[name] ??= []).push(value);
    for (let repeat = 1; repeat <= REPEATS; repeat++) {
      progress(`members: ${repeat} of ${REPEATS}`);
      const { seconds, heapKbEach } = await spawnAll(count);
      add('spawn_s', seconds);
      add('heap_kb_each', heapKbEach);
      add('open_s', await openWith(count));
    }
    progress(`members: folding ${events} events`);
    const fold = async (name: string, { storage, close }: Stores) => {
      try {
        await fill(storage, events);
        for (let repeat = 1; repeat <= REPEATS; repeat++) add(name, await timeToFold(storage));
      } finally {
        await close();
      }
    };
    await fold('fold_s', await openMemoryStores());
    await inTemporaryDirectory(async (directory) => {
      progress('members: the same from SQLite');
      await fold('fold_sqlite_s', await openSqliteStores({ directory }));
    });
    progress('members: the same from Postgres');
    const postgres = await startPostgres();
    try {
      const { connectionString } = postgres;
      await fold('fold_pg_s', await openPostgresStores({ connectionString, schema: 'bench_members' }));
    } finally {
      await postgres.close();
    }
    return {
      settings: {
        ...postgres.settings,
        sqlite_disk: await diskOfTemporaryFiles(),
        members: count,
        events,
        repeats: REPEATS,
      },
      samples,
    };
  },
};

interface Stores {
  readonly storage: Storage;
  close(): Promise<void>;
}

function definitionOf(count: number): MobDefinition {
  const names = Array.from({ length: count }, (_, at) => `worker-${at}`);
  return {
    id: MOB_ID,
    profiles: { worker: { model: 'none', tools: { comms: true }, runtime_mode: 'turn_driven' } },
    members: names.map((identity) => ({ identity, profile: 'worker' })),
  };
}

async function engineFor(count: number) {
  const { storage } = await openMemoryStores();
  return createMobEngine({ storage, providers: () => [], maxSessions: count, allowEphemeralSessions: true });
}

async function spawnAll(count: number): Promise<{ readonly seconds: number; readonly heapKbEach: number }> {
  const { members: wanted = [], ...definition } = definitionOf(count);
  const engine = await engineFor(count);
  const { mob } = await engine.open({ definition });
  mob.start();
  const before = postGcHeap();
  const startedMs = performance.now();
  await mob.spawnMany(wanted);
  const seconds = (performance.now() - startedMs) / 1_000;
  const heapKbEach = (postGcHeap() - before) / 1_000 / count;
  const there = mob.members().length;
  await mob.shutdown();
  if (there !== count) throw new Error(`${there} members were spawned instead of ${count}`);
  return { seconds, heapKbEach };
}

/** Until a mob stands whose definition has them all. */
async function openWith(count: number): Promise<number> {
  const definition = definitionOf(count);
  const engine = await engineFor(count);
  const startedMs = performance.now();
  const { mob } = await engine.open({ definition });
  const seconds = (performance.now() - startedMs) / 1_000;
  await mob.shutdown();
  return seconds;
}

async function fill(storage: Storage, events: number): Promise<void> {
  await storage.prepare([ledgerLog]);
  const log: OrderedLog = storage.log(ledgerLog, MOB_ID);
  let batch: NewEntry[] = [];
  for (const entry of ledgerEntries(events)) {
    batch.push(entry);
    if (batch.length < BATCH) continue;
    await log.append(batch);
    batch = [];
  }
  if (batch.length > 0) await log.append(batch);
}

async function timeToFold(storage: Storage): Promise<number> {
  const startedMs = performance.now();
  const roster = await readRoster(storage, { mobId: MOB_ID });
  const seconds = (performance.now() - startedMs) / 1_000;
  if (roster.length > MEMBERS_IN_LEDGER) throw new Error(`The ledger adds up to ${roster.length} members`);
  return seconds;
}
