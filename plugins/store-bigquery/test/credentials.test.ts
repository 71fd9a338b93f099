import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { ManualClock } from '@mobkit/contract-kit';
import { expect, it, onTestFinished, vi } from 'vitest';

import { BigQueryClient } from '../src/client/bigquery-client.js';

const asking = { doing: 'ask', method: 'GET', path: '/datasets/d' } as const;
const options = { projectId: 'my-project', dataset: 'd' };

/** Application default credentials of which tokens are given by a server of one's own. */
async function tokensFrom(give: RequestListener) {
  const server = createServer(give);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-credentials-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });
  const { port } = server.address() as AddressInfo;
  const [subject, credentials] = [join(directory, 'subject'), join(directory, 'credentials.json')];
  writeFileSync(subject, 'who I am');
  const account = {
    type: 'external_account',
    audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    token_url: `http://127.0.0.1:${port}/token`,
    credential_source: { file: subject },
  };
  writeFileSync(credentials, JSON.stringify(account));
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', credentials);
  return server;
}

it('[bigquery.token-late] ends a call and a close in their time although nobody answers who gives tokens', async () => {
  const clock = new ManualClock();
  const server = await tokensFrom(() => {});
  const client = await BigQueryClient.open(options, clock);
  const late = client.call(asking).catch((error: unknown) => error);
  await once(server, 'request');
  clock.advance(30_000);
  expect(await late).toMatchObject({
    code: 'MOB_STORE_UNAVAILABLE',
    message: 'BigQuery could not ask: no answer within 30000 ms',
  });

  const another = client.call(asking).catch((error: unknown) => error);
  const closed = client.close();
  clock.advance(10_000);
  await closed;
  expect(await another).toMatchObject({ code: 'MOB_STORE_UNAVAILABLE' });
});

it('[bigquery.token-refused] refuses at once when no token is given for the credentials that were found', async () => {
  let asked = 0;
  await tokensFrom((_, response) => {
    asked += 1;
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{"error":"invalid_grant","error_description":"Token has been expired or revoked."}');
  });
  const client = await BigQueryClient.open(options, new ManualClock());
  onTestFinished(() => client.close());
  await expect(client.call(asking)).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    retryable: false,
    message: expect.stringMatching(/invalid_grant.*; the credentials are wrong or have expired$/) as string,
  });
  expect(asked).toBe(1);
});

it('[bigquery.no-credentials] says why the credentials that are named are none, and nothing of what is in the file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-credentials-'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
  const file = join(directory, 'key.json');
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
  const opened = () =>
    BigQueryClient.open(options, new ManualClock()).catch((error: unknown) => inspect(error, { depth: 8 }));
  expect(await opened()).toMatch(/missing BigQuery access token \(.*key\.json does not exist.*\): run/);
  writeFileSync(file, 'ya29.a-token-in-the-wrong-place');
  expect(await opened()).toMatch(/missing BigQuery access token \(.* is not JSON\): run/);
  expect(await opened()).not.toContain('ya29');
});
