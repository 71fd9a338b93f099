import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { Client } from 'pg';

import { diskOfTemporaryFiles } from './temporary-directory.js';

const supervisor = fileURLToPath(
  new URL('../../../test-e2e/support/postgres-supervisor.mjs', import.meta.url),
);

/** A Postgres to measure on. Whoever started it closes it. */
export interface BenchPostgres {
  readonly connectionString: string;
  /** What it is, and how careful it is with the disk. */
  readonly settings: Readonly<Record<string, string>>;
  /** Runs statements, for what is not measured. */
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server of its own on a temporary directory, with its defaults; or takes `MOBKIT_BENCH_POSTGRES_URL`. */
export async function startPostgres(): Promise<BenchPostgres> {
  const given = process.env['MOBKIT_BENCH_POSTGRES_URL'];
  const server = given === undefined ? spawnServer() : undefined;
  const connectionString = given ?? (await server!.address);
  const client = new Client({ connectionString });
  await client.connect();
  const show = async (name: string) => {
    const { rows } = await client.query<Record<string, string>>(`show ${name}`);
    return rows[0]?.[name] ?? '';
  };
  return {
    connectionString,
    settings: {
      postgres: await show('server_version'),
      fsync: await show('fsync'),
      synchronous_commit: await show('synchronous_commit'),
      ...(server && { postgres_disk: await diskOfTemporaryFiles() }),
    },
    run: async (sql) => void (await client.query(sql)),
    async close() {
      await client.end();
      await server?.close();
    },
  };
}

function spawnServer() {
  const server = spawn(process.execPath, [supervisor], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  const line = once(createInterface({ input: server.stdout }), 'line') as Promise<[string]>;
  const address = Promise.race([
    line,
    exited.then(() => Promise.reject(new Error('Postgres did not start'))),
  ]);
  return {
    address: address.then(([first]) => first),
    async close() {
      server.stdin.end();
      await exited;
    },
  };
}
