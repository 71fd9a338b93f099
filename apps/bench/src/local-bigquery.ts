import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { BigQueryOptions } from '@mobkit/store-bigquery';

const program = fileURLToPath(new URL('../../../test-e2e/support/bigquery/serve.mjs', import.meta.url));

/** A local BigQuery in a process of its own, with an empty dataset. */
export interface LocalBigQuery {
  readonly options: Omit<BigQueryOptions, 'onInfo'>;
  /** Lets it answer nothing but that it is away. */
  setAway(away: boolean): Promise<void>;
  close(): Promise<void>;
}

export async function startLocalBigQuery(): Promise<LocalBigQuery> {
  const server = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  const first = once(createInterface({ input: server.stdout }), 'line') as Promise<[string]>;
  const [apiEndpoint] = await Promise.race([first, exited.then(() => [undefined])]);
  if (apiEndpoint === undefined) throw new Error('The local BigQuery did not start');
  const post = async (path: string, body: object) => {
    const response = await fetch(`${apiEndpoint}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  const options = { projectId: 'mobkit-test', dataset: 'bench', apiEndpoint, allowedHosts: ['127.0.0.1'] };
  await post('/bigquery/v2/projects/mobkit-test/datasets', { datasetReference: { datasetId: 'bench' } });
  return {
    options,
    setAway: (away) => post('/_local/faults', { away }),
    async close() {
      server.stdin.end();
      await exited;
    },
  };
}
