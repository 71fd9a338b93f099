import { MobError } from '@mobkit/core';

import type { SqliteDatabase } from './database.js';

/** Forward only, in order; `user_version` counts those done. Never edit one that has been released: add the next. */
const MIGRATIONS = [
  `create table _counters (
    log text not null, partition text not null,
    first_seq integer not null default 1, last_seq integer not null default 0,
    primary key (log, partition)
  ) strict, without rowid`,
  `create table _versions (only integer primary key check (only = 1), last integer not null) strict;
  insert into _versions values (1, 0)`,
  `create table _time_ranges (
    log text not null, partition text not null, block integer not null,
    min_ms integer not null, max_ms integer not null,
    primary key (log, partition, block)
  ) strict, without rowid`,
];

/** Brings the store's own tables up to date. */
export function migrate(database: SqliteDatabase, directory: string): void {
  const done = versionOf(database, directory);
  for (const [at, migration] of MIGRATIONS.entries()) {
    if (at < done) continue;
    database.transaction('immediate', () => database.exec(`${migration}; pragma user_version = ${at + 1}`));
  }
}

/** @throws MobError `MOB_CONFIG_INVALID` when the store's own tables are not up to date. */
export function expectMigrated(database: SqliteDatabase, directory: string): void {
  if (versionOf(database, directory) === MIGRATIONS.length) return;
  const message = `The database in "${directory}" is not ready to be read: open it for writing once`;
  throw new MobError('MOB_CONFIG_INVALID', message, { details: { directory } });
}

function versionOf(database: SqliteDatabase, directory: string): number {
  const version = database.pragma('user_version');
  if (version <= MIGRATIONS.length) return version;
  const message = `The database in "${directory}" was written by a newer version of mobkit: use that one`;
  throw new MobError('MOB_CONFIG_INVALID', message, { details: { directory, version } });
}
