import { randomBytes } from 'node:crypto';

import { systemClock } from '@mobkit/core';

import { BigQueryClient } from '../src/client/bigquery-client.js';
import type { BigQueryOptions } from '../src/client/options.js';

/**
 * The global setup of tests that may run against the real BigQuery: names the run, and removes what was made in it at the end.
 * A local server forgets by itself.
 */
export function setup(): (() => Promise<void>) | undefined {
  const { MOBKIT_TEST_BIGQUERY_PROJECT: projectId } = process.env;
  if (!projectId) return undefined;
  const run = randomBytes(4).toString('hex');
  process.env['MOBKIT_TEST_BIGQUERY_RUN'] = run;
  return () => removeDatasets({ projectId, dataset: 'any' }, run);
}

/** A name for a dataset, which is removed at the end of the run. */
export function datasetName(): string {
  const { MOBKIT_TEST_BIGQUERY_RUN: run = 'local' } = process.env;
  return `mobkit_test_${run}_${randomBytes(6).toString('hex')}`;
}

/** Removes the datasets of a run with all that is in them, and no other. */
export async function removeDatasets(options: BigQueryOptions, run: string): Promise<void> {
  const client = await BigQueryClient.open(options, systemClock);
  const doing = 'remove datasets of tests';
  try {
    for (let pageToken: string | undefined = ''; pageToken !== undefined;) {
      const parameters = { maxResults: '1000', ...(pageToken && { pageToken }) };
      const page = await client.call({ doing, method: 'GET', path: '/datasets', parameters });
      for (const id of idsOf(page['datasets'])) {
        if (!id.startsWith(`mobkit_test_${run}_`)) continue;
        const contents = { deleteContents: 'true' };
        await client.call({ doing, method: 'DELETE', path: `/datasets/${id}`, parameters: contents });
      }
      const { nextPageToken } = page;
      pageToken = typeof nextPageToken === 'string' ? nextPageToken : undefined;
    }
  } finally {
    await client.close();
  }
}

function idsOf(datasets: unknown): string[] {
  const listed = (datasets ?? []) as readonly { readonly datasetReference: { readonly datasetId: string } }[];
  return listed.map(({ datasetReference }) => datasetReference.datasetId);
}
