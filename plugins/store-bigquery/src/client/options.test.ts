import { expect, it } from 'vitest';

import { tableName } from './names.js';
import { type BigQueryOptions, parseOptions } from './options.js';

const refusedFor = (field: string) =>
  expect.objectContaining({ code: 'MOB_CONFIG_INVALID', details: { field } }) as Error;

it('[bigquery.names] takes names that need no quoting, and refuses every other before it is used', () => {
  expect(tableName('my-project', 'mobs_1', 'events-2').sql).toBe('`my-project.mobs_1.events-2`');
  expect(tableName('example.com:my-project', 'd', 't').projectId).toBe('example.com:my-project');
  for (const name of ['a.b', 'a`b', "a'b", 'a"b', 'a b', 'a/b', '', 'ä', 'a\nb', 'a;b', 'a'.repeat(1025)]) {
    expect(() => tableName('p', name, name)).toThrow(refusedFor('dataset'));
    expect(() => tableName('p', 'd', name)).toThrow(refusedFor('table'));
    expect(() => tableName(name, 'd', 't')).toThrow(refusedFor('projectId'));
  }
  expect(() => tableName('p', 'hyphen-ated', 't')).toThrow(refusedFor('dataset'));
});

it('[bigquery.missing] says what to do when there is no project, and takes it from the environment', () => {
  expect(() => parseOptions({ dataset: 'd' }, {})).toThrow(refusedFor('projectId'));
  expect(() => parseOptions({ dataset: 'd' }, {})).toThrow(
    /^missing BigQuery project_id.*BIGQUERY_PROJECT_ID/,
  );
  expect(parseOptions({ dataset: 'd' }, { GOOGLE_CLOUD_PROJECT: 'two' }).projectId).toBe('two');
  const both = { BIGQUERY_PROJECT_ID: 'one', GOOGLE_CLOUD_PROJECT: 'two' };
  expect(parseOptions({ dataset: 'd' }, both).projectId).toBe('one');
  expect(parseOptions({ dataset: 'd', projectId: 'given' }, both).projectId).toBe('given');
});

it('[bigquery.token-local] does not give a server on this machine the token of the environment', () => {
  const env = { GOOGLE_ACCESS_TOKEN: 'secret' };
  const local = {
    projectId: 'p',
    dataset: 'd',
    apiEndpoint: 'http://127.0.0.1:1',
    allowedHosts: ['127.0.0.1'],
  };
  expect(parseOptions({ projectId: 'p', dataset: 'd' }, env).accessToken).toBe('secret');
  expect(parseOptions(local, env).accessToken).toBeUndefined();
  expect(parseOptions({ ...local, accessToken: 'given' }, env).accessToken).toBe('given');
});

it.each([
  [{ dataset: 'a.b' }, 'dataset'],
  [{ timeoutMs: 0 }, 'timeoutMs'],
  [{ maxBytesBilled: 0.5 }, 'maxBytesBilled'],
  [{ location: 'EU; x' }, 'location'],
  [{ accessToken: 'a\nb' }, 'accessToken'],
  [{ projectId: 'a`b' }, 'projectId'],
])('refuses the option %o', (given, field) => {
  const options = { projectId: 'p', dataset: 'd', ...given } as BigQueryOptions;
  expect(() => parseOptions(options, {})).toThrow(refusedFor(field));
});
