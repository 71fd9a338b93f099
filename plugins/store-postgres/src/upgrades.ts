import { MobError } from '@mobkit/core';
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';

/** What came after the migrations, in this order. Never edit one that has been released: add the next. */
const upgrades: Record<string, (trx: QueryExecutorProvider, schema: string) => Promise<void>> = {
  '0003_outbox': async (trx, schema) => {
    // In the order in which transactions began, and in each of them in the order of its events.
    await sql`
      create table ${sql.id(schema, '_outbox')} (
        tx xid8 not null default pg_current_xact_id(),
        nth bigint generated always as identity,
        entry text not null,
        primary key (tx, nth)
      )`.execute(trx);
  },
  '0004_time_ranges': async (trx, schema) => {
    await sql`
      create table ${sql.id(schema, '_time_ranges')} (
        log text collate "C" not null,
        partition text collate "C" not null,
        block bigint not null,
        min_ms bigint not null,
        max_ms bigint not null,
        primary key (log, partition, block)
      )`.execute(trx);
  },
};

/**
 * Brings a migrated schema up to date. Safe from several processes: one at a time. What a newer version did is passed over, so
 * that an older process opens the schema beside it.
 */
export async function upgrade<T>(db: Kysely<T>, schema: string): Promise<void> {
  const done = sql.id(schema, '_upgrades');
  // A snapshot taken before the lock would not show what its holder before us did.
  await db
    .transaction()
    .setIsolationLevel('read committed')
    .execute(async (trx) => {
      await lockSchema(trx, schema);
      const { rows } = await sql<{ kept: boolean }>`
      select to_regclass(${`"${schema}"._upgrades`}) is not null as kept`.execute(trx);
      if (!rows[0]?.kept) await sql`create table ${done} (name text primary key)`.execute(trx);
      const { rows: kept } = await sql<{ name: string }>`select name from ${done}`.execute(trx);
      for (const [name, run] of Object.entries(upgrades)) {
        if (kept.some((row) => row.name === name)) continue;
        await run(trx, schema);
        await sql`insert into ${done} (name) values (${name})`.execute(trx);
      }
    });
}

/** @throws MobError `MOB_CONFIG_INVALID` when the schema is not there, or misses what this version reads. */
export async function expectUpgraded<T>(db: Kysely<T>, schema: string): Promise<void> {
  const { rows } = await sql<{ begun: boolean; done: boolean }>`
    select to_regclass(${`"${schema}"._migrations`}) is not null as begun,
      to_regclass(${`"${schema}"._upgrades`}) is not null as done`.execute(db);
  const [found] = rows;
  if (!found?.begun)
    throw unreadable(schema, `There is no schema "${schema}" to read: name one that has been in use`);
  const done = sql.id(schema, '_upgrades');
  const names = found.done ? (await sql<{ name: string }>`select name from ${done}`.execute(db)).rows : [];
  if (Object.keys(upgrades).every((name) => names.some((row) => row.name === name))) return;
  throw unreadable(
    schema,
    `Schema "${schema}" is of an older version: let this version open it for writing once`,
  );
}

function unreadable(schema: string, message: string): MobError {
  return new MobError('MOB_CONFIG_INVALID', message, { details: { schema } });
}

/** Keeps others from changing the tables of a schema until the transaction ends. */
export async function lockSchema(trx: QueryExecutorProvider, schema: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`mobkit:${schema}`}, 0))`.execute(trx);
}
