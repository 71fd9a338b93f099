import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const supervisor = fileURLToPath(new URL('postgres-supervisor.mjs', import.meta.url));

/**
 * The global setup of tests that need Postgres: puts the address of a server into `MOBKIT_TEST_POSTGRES_URL`, unless it
 * names one already. Returns what stops the server and removes its data; a run that is killed leaves nothing either.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env['MOBKIT_TEST_POSTGRES_URL']) return async () => {};
  const server = spawn(process.execPath, [supervisor], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A process group of its own: it is ended by the end of its input, in every case in the same way.
    detached: true,
  });
  process.env['MOBKIT_TEST_POSTGRES_URL'] = await addressOf(server);
  return async () => {
    delete process.env['MOBKIT_TEST_POSTGRES_URL'];
    const exited = once(server, 'exit');
    server.stdin.end();
    await exited;
  };
}

async function addressOf(server: ChildProcess & { readonly stdout: NodeJS.ReadableStream }): Promise<string> {
  const first = once(createInterface({ input: server.stdout }), 'line') as Promise<[string]>;
  const [address] = await Promise.race([first, once(server, 'exit').then(() => [undefined])]);
  if (address !== undefined) return address;
  throw new Error('Postgres did not start. Set MOBKIT_TEST_POSTGRES_URL to a server to test with instead');
}
