import type { BigQueryOptions } from '../src/client/options.js';
import { datasetName } from './remove-datasets.js';

/** A dataset of nobody else's in the BigQuery that tests were started with. */
export function sessionDataset() {
  const dataset = datasetName();
  const { MOBKIT_TEST_BIGQUERY_ENDPOINT: endpoint, MOBKIT_TEST_BIGQUERY_PROJECT: project = '' } = process.env;
  const local: BigQueryOptions = {
    projectId: 'mobkit-test',
    dataset,
    ...(endpoint !== undefined && { apiEndpoint: endpoint, allowedHosts: [new URL(endpoint).hostname] }),
  };
  const control = async (method: string, what: string, body?: object): Promise<unknown> => {
    const asked = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${endpoint}/_local/${what}?dataset=${dataset}`, asked);
    if (!answer.ok) throw new Error(`${what}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    /** Whether it is the server of the tests, which does what it is told beside. */
    local: endpoint !== undefined,
    options: endpoint === undefined ? { projectId: project, dataset } : local,
    /** What goes wrong from now on. */
    faults: (switches: object) => control('POST', 'faults', switches),
    /** Has what was streamed leave the buffer, so that statements may change it. */
    release: () => control('POST', 'release', {}),
    /** The statements that were run, the oldest first. */
    async statements(): Promise<
      readonly { readonly sql: string; readonly partitions?: readonly string[] | 'all' }[]
    > {
      return ((await control('GET', 'statements')) as { statements: { sql: string }[] }).statements;
    },
  };
}
