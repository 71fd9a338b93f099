import type { ServerResponse } from 'node:http';

import { type MobError, systemClock } from '@mobkit/core';
import type { SessionTable } from '@mobkit/core/ops';
import { afterEach, expect, it, vi } from 'vitest';

import { openBigQuerySessionWarehouse } from '../src/sessions/session-warehouse.js';
import { failed, type Scripted, scriptedServer } from './scripted-server.js';
import { closedAtEnd, found, row } from './sessions-support.js';

const at = { dataset: 'ops', table: 'sessions' };
const THEIRS = 'token-of-the-caller';
const OURS = 'token-of-the-app';

afterEach(() => vi.unstubAllEnvs());

/** A warehouse with a token of its own and a server of its own, and another server that callers may name. */
async function withServers(answers: {
  readonly own?: readonly Scripted[];
  readonly named?: readonly Scripted[];
}) {
  const { own = [], named = own } = answers;
  const [ours, theirs] = [await scriptedServer(own), await scriptedServer(named)];
  const { dataset: _, ...reach } = ours.options;
  const warehouse = closedAtEnd(openBigQuerySessionWarehouse({ ...reach, accessToken: OURS }));
  const apiBaseUrl = `${theirs.options.apiEndpoint}/bigquery/v2/`;
  const live = (asked: Partial<SessionTable>) =>
    warehouse.withSessions({ ...at, ...asked }, (sessions) => sessions.live());
  return { ours, theirs, warehouse, apiBaseUrl, live };
}

it('[bigquery.sessions-caller-table] opens the table that is named, where and as the warehouse is unless a caller says otherwise', async () => {
  const { ours, theirs, apiBaseUrl, live } = await withServers({ own: [found(), found(), found()] });
  await live({});
  await live({ dataset: 'other', table: 'rows-1' });
  await live({ projectId: 'acme', accessToken: THEIRS, apiBaseUrl });
  const seen = [...ours.received, ...theirs.received].map(({ url, headers, body }) => [
    url,
    headers.authorization,
    /FROM (`.*?`)/.exec((JSON.parse(body) as { query: string }).query)?.[1],
  ]);
  expect(seen).toEqual([
    ['/bigquery/v2/projects/p/queries', `Bearer ${OURS}`, '`p.ops.sessions`'],
    ['/bigquery/v2/projects/p/queries', `Bearer ${OURS}`, '`p.other.rows-1`'],
    ['/bigquery/v2/projects/acme/queries', `Bearer ${THEIRS}`, '`acme.ops.sessions`'],
  ]);
});

it('[bigquery.sessions-caller-token] sends an address of the caller no credentials but those that came with it', async () => {
  for (const name of ['BIGQUERY_ACCESS_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN', 'GOOGLE_ACCESS_TOKEN'])
    vi.stubEnv(name, OURS);
  const { ours, theirs, apiBaseUrl, live } = await withServers({ own: [found(), found()] });
  await live({ apiBaseUrl });
  await live({ apiBaseUrl, accessToken: THEIRS });
  expect(theirs.received.map(({ headers }) => headers.authorization)).toEqual([
    undefined,
    `Bearer ${THEIRS}`,
  ]);
  expect(ours.received).toEqual([]);
  await expect(live({ apiBaseUrl: 'https://bigquery.googleapis.com' })).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringMatching(/^missing BigQuery access token/) as string,
  });
});

it.each([
  'bigquery.googleapis.com',
  'ftp://bigquery.googleapis.com',
  'http://bigquery.googleapis.com',
  'https://bigquery.googleapis.com:1@evil.example/bigquery/v2',
  'https://user@bigquery.googleapis.com',
  'https://evil.example#.googleapis.com',
  'https://evil.example?.googleapis.com',
  'https://evil.example\\.googleapis.com',
  'https://evilgoogleapis.com',
  'https://googleapis.com.evil.example',
  'https://bigquery.googleapis.com/bigquery/v2?x=1',
  'https://bigquery.googleapis.com/bigquery/v2#',
  'https://169.254.169.254/',
  'http://localhost:80',
  'http://[::1]',
])('[bigquery.sessions-caller-address] refuses %s, and sends nothing', async (apiBaseUrl) => {
  const { live } = await withServers({});
  await expect(live({ apiBaseUrl, accessToken: THEIRS })).rejects.toMatchObject({
    code: 'MOB_REQUEST_INVALID',
    details: { field: 'apiBaseUrl' },
  });
});

it('[bigquery.sessions-caller-loopback] asks this machine only where the warehouse allows it', async () => {
  const { theirs, apiBaseUrl, warehouse } = await withServers({ own: [found()] });
  const strict = closedAtEnd(openBigQuerySessionWarehouse({ projectId: 'p' }));
  const asked = { ...at, apiBaseUrl, accessToken: THEIRS };
  await expect(strict.withSessions(asked, (sessions) => sessions.live())).rejects.toMatchObject({
    code: 'MOB_REQUEST_INVALID',
    details: { field: 'apiBaseUrl' },
  });
  expect(theirs.received).toEqual([]);
  expect(await warehouse.withSessions(asked, (sessions) => sessions.live())).toEqual({
    rows: [],
    more: false,
  });
});

it.each([
  ['dataset', { dataset: 'a.b' }],
  ['table', { table: 'a`b' }],
  ['projectId', { projectId: 'x/datasets/y' }],
  ['accessToken', { accessToken: 'a b\r\nx: y' }],
])('[bigquery.sessions-caller-names] refuses a %s that is none, and sends nothing', async (field, asked) => {
  const { live, ours } = await withServers({});
  const refused = live(asked);
  await expect(refused).rejects.toMatchObject({ code: 'MOB_REQUEST_INVALID', details: { field } });
  expect(ours.received).toEqual([]);
});

it('[bigquery.sessions-caller-lacks] says what is missing where nobody named a project, and finds it once it is there', async () => {
  for (const name of ['BIGQUERY_PROJECT_ID', 'GOOGLE_CLOUD_PROJECT']) vi.stubEnv(name, '');
  const { options } = await scriptedServer([found()]);
  const { projectId = '', dataset: _, ...reach } = options;
  const warehouse = closedAtEnd(openBigQuerySessionWarehouse(reach));
  const live = () => warehouse.withSessions(at, (sessions) => sessions.live());
  await expect(live()).rejects.toMatchObject({
    code: 'MOB_CONFIG_INVALID',
    message: expect.stringMatching(/^missing BigQuery project_id/) as string,
  });
  vi.stubEnv('BIGQUERY_PROJECT_ID', projectId);
  expect(await live()).toEqual({ rows: [], more: false });
});

it('[bigquery.sessions-own-credentials] serves callers without a token only where it may with its own credentials', async () => {
  vi.stubEnv('BIGQUERY_ACCESS_TOKEN', OURS);
  const own = { projectId: 'p', accessToken: OURS };
  const warehouse = closedAtEnd(openBigQuerySessionWarehouse({ ...own, ownCredentials: false }));
  for (const apiBaseUrl of [undefined, 'https://bigquery.googleapis.com']) {
    const asked = { ...at, ...(apiBaseUrl !== undefined && { apiBaseUrl }) };
    await expect(warehouse.withSessions(asked, (sessions) => sessions.live())).rejects.toMatchObject({
      code: 'MOB_CONFIG_INVALID',
      message: expect.stringMatching(/^missing BigQuery access token/) as string,
    });
  }
  const { received, options } = await scriptedServer([found(), found()]);
  const { dataset: _, ...reach } = options;
  const local = closedAtEnd(
    openBigQuerySessionWarehouse({ ...reach, accessToken: OURS, ownCredentials: false }),
  );
  await local.withSessions(at, (sessions) => sessions.live());
  await local.withSessions({ ...at, accessToken: THEIRS }, (sessions) => sessions.live());
  expect(received.map(({ headers }) => headers.authorization)).toEqual([undefined, `Bearer ${THEIRS}`]);
});

it.each([
  ['its words', failed(400, 'invalid', `what is ${THEIRS}?`), 'what is …?'],
  ['its reason', failed(400, THEIRS, 'no'), 'status 400, …, no'],
  ['words that are cut in the middle of it', failed(400, 'invalid', `${'x'.repeat(490)}${THEIRS}`), 'xxx…'],
])(
  '[bigquery.sessions-caller-secret] tells nobody the token of a caller, also when the server repeats it in %s',
  async (_, repeated, said) => {
    const { apiBaseUrl, live } = await withServers({ named: [repeated] });
    const error: unknown = await live({ apiBaseUrl, accessToken: THEIRS }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'MOB_STORE_REFUSED',
      message: expect.stringContaining(said) as string,
    });
    const { message, cause, details } = error as MobError;
    // Nor the beginning of it.
    expect(JSON.stringify([error, message, cause, details])).not.toContain(THEIRS.slice(0, 5));
  },
);

it('[bigquery.sessions-caller-timeout] answers in the time that a caller gives, while the server still thinks', async () => {
  const held: ServerResponse[] = [];
  const thinks = (response: ServerResponse) => void held.push(response);
  const { apiBaseUrl, live, warehouse } = await withServers({ own: [thinks], named: [thinks] });
  for (const asked of [{ timeoutMs: 25 }, { timeoutMs: 25, apiBaseUrl }]) {
    await expect(live(asked)).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', retryable: true });
  }
  // On a busy machine a request may be given up before it arrives.
  expect(held.filter(({ writableEnded }) => writableEnded)).toEqual([]);
  await warehouse.close();
});

it('[bigquery.sessions-caller-order] numbers what callers append one after the other, whichever table it is for', async () => {
  const { ours, warehouse } = await withServers({ own: [{}, {}, {}] });
  for (const table of ['a', 'b', 'a']) {
    await warehouse.withSessions({ ...at, table }, (sessions) => sessions.append([row('s')]));
  }
  const numbers = ours.received.map(
    ({ body }) =>
      (JSON.parse(body) as { rows: { json: { appended_us: string } }[] }).rows[0]?.json.appended_us,
  );
  expect(new Set(numbers).size).toBe(3);
  expect(numbers).toEqual(numbers.toSorted((one, other) => Number(one) - Number(other)));
  expect(Number(numbers[0])).toBeLessThanOrEqual((systemClock.now() + 1) * 1000);
});

it('[bigquery.sessions-caller-closed] takes no more calls once it is closed', async () => {
  const { warehouse, live } = await withServers({});
  await warehouse.close();
  await warehouse.close();
  await expect(live({})).rejects.toMatchObject({ code: 'MOB_SHUTTING_DOWN' });
});
