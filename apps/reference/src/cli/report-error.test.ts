import { MobError } from '@mobkit/core';
import { expect, it, onTestFinished, vi } from 'vitest';

import { reportError } from './report-error.js';

/** What is printed for an error. */
function printed(error: unknown): string {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => print.mockRestore());
  reportError(error);
  return print.mock.calls.flat().join('\n');
}

it.each([
  ['postgres://app:hunter2@db.example:5432/kept', 'postgres://app:***@db.example:5432/kept'],
  ['postgres://:hunter2@db/kept', 'postgres://:***@db/kept'],
  // Taken for a path, which has no two slashes in a row.
  ['/home/me/postgres:/app:hunter2@db/kept', '/home/me/postgres:/app:***@db/kept'],
  ['postgres://app:hun/ter@2:hunter2@db/kept', 'postgres://app:***@db/kept'],
  ['postgres://db/kept?password=hunter2&user=app', 'postgres://db/kept?password=***&user=app'],
  ['postgres://db/kept?sslPassword=hunter2', 'postgres://db/kept?sslPassword=***'],
  ['host=db password=hunter2 user=app', 'host=db password=*** user=app'],
  ["password='hunter2 and more' user=app", 'password=*** user=app'],
  ['"password=hunter2"', '"password=***"'],
])('[app.error-secret] prints no password: %s', (given, shown) => {
  const error = new MobError('mobkit/usage', `Cannot read ${given}`, { cause: new Error(`no ${given}`) });
  const all = printed(new AggregateError([error, new TypeError(`wrong ${given}`)]));
  expect(all).not.toContain('hunter2');
  expect(all).toContain(`mobkit: Cannot read ${shown} (no ${shown}`);
  expect(all).toContain(`then: TypeError: wrong ${shown}`);
});

it('[app.error-secret] leaves what is no password as it is', () => {
  for (const text of ['http://127.0.0.1:7430/rpc', 'mob.toml:3:7 someone@example.com', 'a: b@c']) {
    expect(printed(new MobError('mobkit/usage', text))).toContain(`mobkit: ${text}`);
  }
});
