import { Client } from 'pg';
import { onTestFinished } from 'vitest';

import { connectionString } from './test-database.js';

/** Keeps every append of a schema waiting until it is released. */
export async function holdCounter(schema: string) {
  const holder = await connected();
  const watcher = await connected();
  await holder.query(`begin; update ${schema}._counters set last_seq = last_seq`);

  /** Resolves with the process that waits for us. */
  const whoWaits = async () => {
    for (;;) {
      const { rows } = await watcher.query<{ pid: number }>(
        `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like $1`,
        [`%"${schema}"%`],
      );
      if (rows[0]) return rows[0].pid;
    }
  };

  return {
    whoWaits,
    async terminateWhoWaits() {
      await watcher.query('select pg_terminate_backend($1)', [await whoWaits()]);
    },
    async release() {
      await holder.query('commit');
    },
  };
}

async function connected(): Promise<Client> {
  const client = new Client(connectionString);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}
