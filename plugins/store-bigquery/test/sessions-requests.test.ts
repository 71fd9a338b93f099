import { systemClock } from '@mobkit/core';
import { expect, it } from 'vitest';

import { failed } from './scripted-server.js';
import { found, NOW_MS, row, scriptedSessions, statementDone } from './sessions-support.js';

it('[bigquery.sessions-insert] streams rows with an id that equal rows share, and sends nothing for none', async () => {
  const { sessions, received, bodies } = await scriptedSessions([{}, {}]);
  await sessions.append([]);
  expect(received).toEqual([]);
  const labelled = row('s-1', 5, { payload: { b: 1, a: [] }, labels: { team: 'x', area: 'y' } });
  await sessions.append([labelled, row('s-2', 6, { deleted: true })]);
  expect(received[0]).toMatchObject({
    method: 'POST',
    url: '/bigquery/v2/projects/p/datasets/d/tables/sessions/insertAll',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
  });
  expect(bodies()[0]).toEqual({
    skipInvalidRows: true,
    ignoreUnknownValues: false,
    rows: [
      {
        insertId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        json: {
          session_id: 's-1',
          updated_at_ms: '5',
          deleted: false,
          payload: '{"b":1,"a":[]}',
          labels_json: '{"area":"y","team":"x"}',
          row_id: expect.any(String) as string,
          appended_us: String(NOW_MS * 1000),
          appended_on: '2027-01-15',
        },
      },
      {
        insertId: expect.any(String) as string,
        json: {
          session_id: 's-2',
          updated_at_ms: '6',
          deleted: true,
          payload: 'null',
          row_id: expect.any(String) as string,
          appended_us: String(NOW_MS * 1000 + 1),
          appended_on: '2027-01-15',
        },
      },
    ],
  });
  await sessions.append([{ ...labelled, labels: { area: 'y', team: 'x' } }, row('s-2', 6)]);
  const ids = bodies().map((body) =>
    (body as { rows: { insertId: string }[] }).rows.map(({ insertId }) => insertId),
  );
  expect(ids[1]?.[0]).toBe(ids[0]?.[0]);
  expect(ids[1]?.[1]).not.toBe(ids[0]?.[1]);
});

it('[bigquery.sessions-statements] reads the latest by number of row, those that live among them, and says nothing but parameters', async () => {
  const id = 'it`s; "\\x';
  const { sessions, bodies, received } = await scriptedSessions([found(), found(), found(), found()]);
  await sessions.latest({ afterSessionId: id, limit: 3 });
  await sessions.live();
  await sessions.history();
  await sessions.history({ sessionId: id });
  const asked = bodies() as { query: string; useLegacySql: boolean; queryParameters: { name: string }[] }[];
  expect(received.map(({ url }) => url)).toEqual(asked.map(() => '/bigquery/v2/projects/p/queries'));
  for (const { query, useLegacySql } of asked) {
    expect(query).toContain('FROM `p.d.sessions`');
    expect(query).toContain('QUALIFY ROW_NUMBER() OVER (PARTITION BY row_id ORDER BY appended_us) = 1');
    expect(query).not.toContain(id);
    expect(useLegacySql).toBe(false);
  }
  const latestOnly = 'PARTITION BY session_id ORDER BY updated_at_ms DESC, appended_us DESC, row_id DESC';
  expect(asked.map(({ query }) => query.includes(latestOnly))).toEqual([true, true, false, false]);
  expect(asked.map(({ query }) => query.includes('deleted = FALSE'))).toEqual([false, true, false, false]);
  expect(asked[2]?.query).toContain('ORDER BY updated_at_ms, appended_us, row_id');
  expect(asked[0]?.queryParameters).toEqual([
    { name: 'after', parameterType: { type: 'STRING' }, parameterValue: { value: id } },
    { name: 'limit', parameterType: { type: 'INT64' }, parameterValue: { value: '4' } },
  ]);
  expect(asked[3]?.queryParameters.map(({ name }) => name)).toContain('session');
});

it('[bigquery.sessions-reads] reads payloads and labels as JSON, and what others left out as empty objects', async () => {
  const { sessions } = await scriptedSessions([
    found(
      ['s-1', '5', 'false', '{"b":1,"a":[]}', '{"__proto__":"x"}', 'h', '1'],
      ['s-2', '6', 'TRUE', null, null, 'h', '1'],
      ['s-3', '7', '0', ' ', '', 'h', '1'],
    ),
  ]);
  const { rows, more } = await sessions.latest();
  expect(JSON.stringify(rows)).toBe(
    JSON.stringify([
      row('s-1', 5, {
        payload: { b: 1, a: [] },
        labels: JSON.parse('{"__proto__":"x"}') as Record<string, string>,
      }),
      row('s-2', 6, { deleted: true, payload: {} }),
      row('s-3', 7, { payload: {} }),
    ]),
  );
  expect(more).toBe(false);
});

it.each([
  [
    'a row without cells',
    { json: { jobComplete: true, schema: { fields: [{ name: 'a' }] }, rows: [{}] } },
    'missing row.f cell array',
  ],
  ['a payload that is no JSON', found(['s', '5', 'false', '{', null, 'h', '1']), 'payload JSON parse failed'],
  [
    'labels that are no texts',
    found(['s', '5', 'false', '1', '{"a":1}', 'h', '1']),
    'labels_json is no object of texts',
  ],
  [
    'a time that is no number',
    found(['s', 'soon', 'false', '1', null, 'h', '1']),
    'updated_at_ms is no whole number',
  ],
  ['a row of nobody', found([null, '5', 'false', '1', null, 'h', '1']), 'session_id is no text'],
])('[bigquery.sessions-malformed] refuses %s', async (_, answer, message) => {
  const { sessions } = await scriptedSessions([answer]);
  await expect(sessions.latest()).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    message: expect.stringContaining(message) as string,
    details: { server_reason: 'invalidAnswer' },
  });
});

it('[bigquery.sessions-refused-row] names the row that was refused, and why', async () => {
  const refused = {
    insertErrors: [{ index: 1, errors: [{ reason: 'invalid', message: 'no such field: x' }] }],
  };
  const alone = {
    insertErrors: [{ index: 0, errors: [{ reason: 'invalid', message: 'no such field: x' }] }],
  };
  const { sessions } = await scriptedSessions([{ json: refused }, { json: alone }]);
  await expect(sessions.append([row('s-1'), row('s-2')])).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    message: expect.stringContaining('row 1: no such field: x') as string,
    details: { row: 1, server_reason: 'invalid' },
  });
});

it('[bigquery.sessions-unreachable] tells a server that nobody is at from one that refuses', async () => {
  const { sessions } = await scriptedSessions(
    [],
    { apiEndpoint: 'http://127.0.0.1:1', timeoutMs: 40 },
    systemClock,
  );
  await expect(sessions.live()).rejects.toMatchObject({ code: 'MOB_STORE_UNAVAILABLE', retryable: true });
});

it.each([
  ['3', 3],
  ['7', 7],
  [undefined, 0],
])('[bigquery.sessions-compacted] says how many rows went: %s', async (affected, removed) => {
  const { sessions, bodies, received } = await scriptedSessions(
    statementDone({ numDmlAffectedRows: affected }),
  );
  expect(await sessions.compact()).toBe(removed);
  expect(received[0]?.url).toBe('/bigquery/v2/projects/p/jobs');
  const { configuration } = bodies()[0] as {
    configuration: { query: { query: string; queryParameters: unknown } };
  };
  const { query, queryParameters } = configuration.query;
  expect(query).toMatch(
    /^DELETE FROM `p\.d\.sessions`\nWHERE appended_on <= @day\n {2}AND appended_us < @before\n/,
  );
  expect(query).toContain('row_id NOT IN (SELECT row_id FROM (');
  expect(queryParameters).toEqual([
    { name: 'day', parameterType: { type: 'DATE' }, parameterValue: { value: '2027-01-15' } },
    // One and a half hours ago.
    { name: 'before', parameterType: { type: 'INT64' }, parameterValue: { value: '1799994600000000' } },
  ]);
});

it('[bigquery.sessions-truncate] removes every row, and says when it may not', async () => {
  const { sessions, bodies } = await scriptedSessions([...statementDone({}), failed(403, 'accessDenied')]);
  await sessions.truncate();
  expect(bodies()[0]).toMatchObject({ configuration: { query: { query: 'TRUNCATE TABLE `p.d.sessions`' } } });
  await expect(sessions.compact()).rejects.toMatchObject({
    code: 'MOB_STORE_REFUSED',
    details: { status: 403 },
  });
});

it('[bigquery.sessions-cursor] refuses a place in the history that no page had, and asks nobody', async () => {
  const { sessions, received } = await scriptedSessions([]);
  for (const after of [
    '',
    '1.2.x',
    `1.2.${'a'.repeat(63)}`,
    `-1.2.${'a'.repeat(64)}`,
    `1.2.${'a'.repeat(64)}.`,
  ]) {
    await expect(sessions.history({ after })).rejects.toThrow(TypeError);
  }
  expect(received).toEqual([]);
});
