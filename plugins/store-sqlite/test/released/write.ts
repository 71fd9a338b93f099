// Writes the database that stands beside this file for a release, with the code of that release:
//
//   node --conditions=@mobkit/source --import …/test-e2e/support/typescript-hooks.mjs write.ts DIRECTORY
//
// in a tree of that commit; then DIRECTORY/mobkit.sqlite3 becomes <version>.sqlite3. A new release gets a new file, and
// no file is ever written again.

import { deadLettersOver } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';

const notes = { kind: 'log', name: 'notes', fields: { color: 'text', size: 'integer' } } as const;
const boxes = { kind: 'records', name: 'boxes', fields: { color: 'text' } } as const;

const { storage, eventLog, metadata, close } = await openSqliteStores({ directory: process.argv[2] ?? '' });
await eventLog.appendBatch(
  ['a', 'b', 'c'].map((id, n) => ({
    id,
    timestampMs: 1_000 * (n + 1),
    memberId: 'worker-1:0',
    identity: 'worker-1',
    mobId: 'mob',
    runId: `run-${n}`,
    stepId: 'step',
    event: { kind: 'module', module: 'm', eventType: 'said', payload: { n, text: '\u0000\ud800' } },
  })),
);
await metadata.setSubscriptionCursor('mob', 2);
await (await deadLettersOver(storage)).put({ key: 'k', refusedAtMs: 1, error: 'no', event: '{}' });

await storage.prepare([notes, boxes]);
const pruned = storage.log(notes, 'pruned');
await pruned.append(
  Array.from({ length: 600 }, (_, n) => ({
    id: `n${n + 1}`,
    timestampMs: n,
    fields: n % 2 === 0 ? { color: 'red', size: n } : {},
    data: String(n),
  })),
);
await pruned.prune({ keep: 500 });
await storage.log(notes, 'moved').append([{ id: 'm', timestampMs: 0, data: '"moved"' }], { firstSeq: 500 });

const records = storage.records(boxes);
await records.put('due', { fields: { color: 'red' }, data: '1', dueAtMs: 10 });
await records.put('leased', { data: '2', dueAtMs: 5 });
await records.put('quiet', { fields: { color: 'blue' }, data: '3' });
await records.claimDue({ owner: 'first', leaseMs: 1_000, limit: 1 });
await close();
