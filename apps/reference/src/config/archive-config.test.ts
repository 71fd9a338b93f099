import { expect, it } from 'vitest';

import { parseAppConfig } from './app-config.js';

const bigquery = { dataset: 'events' };

it('[archive.config] says where events are archived and how much stays hot', () => {
  const given = {
    archive: {
      to: 'bigquery',
      table: 'past',
      retain_days: 400,
      hot_events: 1_000,
      hot_days: 0.5,
      batch_size: 900,
      compact_hours: 6,
    },
    bigquery: { ...bigquery, project: 'p', endpoint: 'http://127.0.0.1:1', allowed_hosts: ['127.0.0.1'] },
  };
  expect(parseAppConfig(given, 'mobkit.config.toml').archive).toEqual({
    bigquery: {
      projectId: 'p',
      dataset: 'events',
      apiEndpoint: 'http://127.0.0.1:1',
      allowedHosts: ['127.0.0.1'],
      table: 'past',
      retentionDays: 400,
    },
    hot: { events: 1_000, ms: 43_200_000 },
    batchSize: 900,
    compactEveryMs: 21_600_000,
  });
  expect(parseAppConfig({ archive: { to: 'bigquery' }, bigquery }, 'mobkit.config.toml').archive).toEqual({
    bigquery,
    hot: {},
    batchSize: 5_000,
    compactEveryMs: 86_400_000,
  });
  expect(
    parseAppConfig({ archive: { hot_days: 2, compact_hours: 0 } }, 'mobkit.config.toml').archive,
  ).toEqual({
    hot: { ms: 172_800_000 },
  });
  expect(parseAppConfig({ bigquery }, 'mobkit.config.toml')).not.toHaveProperty('archive');
});

it.each([
  [{ archive: { to: 'bigquery' } }, 'needs a section [bigquery]'],
  [{ archive: { table: 'past' } }, 'are of `to = "bigquery"`'],
  [
    { archive: { to: 'bigquery' }, bigquery, event_log: { retain_days: 3 } },
    'would remove what is not archived yet',
  ],
  [{ archive: { to: 'elsewhere' } }, 'archive.to'],
  [{ archive: { to: 'bigquery' }, bigquery: {} }, 'bigquery.dataset'],
])('[archive.config] refuses %j', (given, why) => {
  expect(() => parseAppConfig(given, 'mobkit.config.toml')).toThrow(why);
});
