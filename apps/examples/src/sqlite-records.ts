// Records in one SQLite file: read and written by key, with versions that keep two writers from undoing each other.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isMobError, type RecordsDefinition } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';

const notes: RecordsDefinition = { kind: 'records', name: 'notes', fields: { topic: 'text' } };
const directory = await mkdtemp(join(tmpdir(), 'mobkit-example-'));
const { storage, close } = await openSqliteStores({ directory });
await storage.prepare([notes]);
const records = storage.records(notes);

const version = await records.put('n-1', { fields: { topic: 'sea' }, data: '{"text":"calm"}' });
await records.put(
  'n-1',
  { fields: { topic: 'sea' }, data: '{"text":"rough"}' },
  { expectedVersion: version },
);
const late = records.put('n-1', { data: '{"text":"calm again"}' }, { expectedVersion: version });
const refusal = await late.catch((error: unknown) => (isMobError(error) ? error.code : error));
const { records: found } = await records.list({ where: { topic: 'sea' } });
console.log(found.map(({ key, data }) => `${key} ${data}`).join(', '));
console.log(`the late writer: ${String(refusal)}`);
await close();
await rm(directory, { recursive: true });
