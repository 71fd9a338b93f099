import { expect, it } from 'vitest';

import { removeDatasets } from './remove-datasets.js';
import { scriptedServer } from './scripted-server.js';

it('[bigquery.test-datasets] removes what a run of the tests made, page by page, and no dataset of anybody else', async () => {
  const listed = (nextPageToken: string | undefined, ...ids: readonly string[]) => ({
    json: { datasets: ids.map((datasetId) => ({ datasetReference: { datasetId } })), nextPageToken },
  });
  const { received, options } = await scriptedServer([
    listed('more', 'sales', 'mobkit_test_ab_1', 'mobkit_test_abc_1'),
    {},
    listed(undefined, 'mobkit_test_ab_2'),
    {},
  ]);
  await removeDatasets(options, 'ab');
  const asked = received.map(({ method, url }) => `${method} ${url.replace('/bigquery/v2/projects/p', '')}`);
  expect(asked).toEqual([
    'GET /datasets?maxResults=1000',
    'DELETE /datasets/mobkit_test_ab_1?deleteContents=true',
    'GET /datasets?maxResults=1000&pageToken=more',
    'DELETE /datasets/mobkit_test_ab_2?deleteContents=true',
  ]);
});
