import { entry } from '@mobkit/contract-kit';
import type { LogQuery } from '@mobkit/core';
import { expect, it, onTestFinished } from 'vitest';

import { matchEntries } from '../src/match-entries.js';
import { openAsOwner } from '../src/owner-connection.js';
import { SqliteStorage } from '../src/sqlite-storage.js';
import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();
const log = { kind: 'log', name: 'test_log', fields: { color: 'text', shape: 'text' } } as const;

/** Every entry is red, every hundredth round. */
async function openFilled() {
  const connection = openAsOwner({ directory: freshDirectory(), readOnly: false, onError: () => {} });
  onTestFinished(() => connection.close());
  const storage = new SqliteStorage(connection);
  await storage.prepare([log]);
  const entries = Array.from({ length: 3_000 }, (_, n) =>
    entry(`e${n}`, { fields: { color: 'red', shape: n % 100 === 0 ? 'round' : 'square' } }),
  );
  await storage.log(log).append(entries);
  const planOf = (query: LogQuery) =>
    connection.read(
      () => 'explain',
      (session) => {
        const { sql, parameters } = matchEntries(session, log, '', query, 'asc');
        const steps = session.all({ sql: `explain query plan ${sql}`, parameters });
        return steps.map(({ detail }) => String(detail)).join('\n');
      },
    );
  return { planOf, read: (query: LogQuery) => storage.log(log).read(query) };
}

it('[sqlite.rarest] looks up the condition that matches the fewest entries, whichever stands first', async () => {
  const { planOf, read } = await openFilled();
  for (const where of [
    { color: 'red', shape: 'round' },
    { shape: 'round', color: 'red' },
    { color: ['red', 'blue'], shape: 'round' },
    { color: 'red', shape: ['round', 'oval'] },
  ]) {
    const plan = await planOf({ afterSeq: 0, where });
    expect(plan).toContain('test_log__shape (partition=? AND shape=? AND seq>?)');
    expect(plan).not.toContain('test_log__color');
    expect((await read({ afterSeq: 0, where })).entries).toHaveLength(30);
  }
  // Here it is the colour.
  expect(await planOf({ afterSeq: 0, where: { color: 'blue', shape: 'square' } })).toContain(
    'test_log__color',
  );
});

it('[sqlite.several-values] looks values up one by one, and reads no more rows whole than a page has', async () => {
  const { planOf } = await openFilled();
  const plan = await planOf({ afterSeq: 0, where: { shape: ['round', 'square'] } });
  expect(plan.match(/COVERING INDEX test_log__shape \(partition=\? AND shape=\? AND seq>\?\)/g)).toHaveLength(
    2,
  );
  expect(plan).toContain('SEARCH test_log USING INTEGER PRIMARY KEY');
});
