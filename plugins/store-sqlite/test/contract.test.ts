import {
  describeEventArchive,
  describeEventLogStore,
  describeMetadataStore,
  describeSessionStore,
  describeStorage,
} from '@mobkit/contract-kit';
import { eventArchiveOver, sessionStoreOver, type Storage } from '@mobkit/core';
import { openSqliteStores } from '@mobkit/store-sqlite';

import { testDirectories } from './test-directories.js';

const hooks = new URL('../../../test-e2e/support/typescript-hooks.mjs', import.meta.url).href;
const freshDirectory = testDirectories();
let directory = '';

const harness = {
  name: 'sqlite',
  open: () => openSqliteStores({ directory: (directory = freshDirectory()) }),
  reopen: () => openSqliteStores({ directory }),
  child: {
    entry: new URL('contract-child.ts', import.meta.url),
    execArgv: ['--conditions=@mobkit/source', '--import', hooks],
    argument: () => directory,
  },
} as const;

const archiveOf = async ({ storage, close }: { readonly storage: Storage; close(): Promise<void> }) => ({
  archive: await eventArchiveOver(storage),
  close,
});

const sessionsOf = async ({ storage, close }: { readonly storage: Storage; close(): Promise<void> }) => ({
  sessions: await sessionStoreOver(storage),
  close,
});

describeStorage(harness);
describeEventLogStore(harness);
describeMetadataStore(harness);
describeEventArchive({
  name: harness.name,
  open: async () => archiveOf(await harness.open()),
  reopen: async () => archiveOf(await harness.reopen()),
});
describeSessionStore({
  name: harness.name,
  open: async () => sessionsOf(await harness.open()),
  reopen: async () => sessionsOf(await harness.reopen()),
});
