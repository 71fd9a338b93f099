import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('bigquery/serve.mjs', import.meta.url));

/**
 * The global setup of tests that need BigQuery: puts the address of a local one into `MOBKIT_TEST_BIGQUERY_ENDPOINT`,
 * unless it names one already or `MOBKIT_TEST_BIGQUERY_PROJECT` names a project of the real one. Returns what stops it.
 */
export async function setup(): Promise<() => Promise<void>> {
  const { MOBKIT_TEST_BIGQUERY_ENDPOINT, MOBKIT_TEST_BIGQUERY_PROJECT } = process.env;
  if (MOBKIT_TEST_BIGQUERY_ENDPOINT || MOBKIT_TEST_BIGQUERY_PROJECT) return async () => {};
  const server = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A process group of its own: it is ended by the end of its input, in every case in the same way.
    detached: true,
  });
  const exited = once(server, 'exit');
  const first = once(createInterface({ input: server.stdout }), 'line') as Promise<[string]>;
  const [endpoint] = await Promise.race([first, exited.then(() => [undefined])]);
  if (endpoint === undefined) throw new Error('The local BigQuery did not start');
  process.env['MOBKIT_TEST_BIGQUERY_ENDPOINT'] = endpoint;
  return async () => {
    delete process.env['MOBKIT_TEST_BIGQUERY_ENDPOINT'];
    server.stdin.end();
    await exited;
  };
}
