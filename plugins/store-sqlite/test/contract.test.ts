import { describeEventLogStore, describeMetadataStore, describeStorage } from '@mobkit/contract-kit';
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

describeStorage(harness);
describeEventLogStore(harness);
describeMetadataStore(harness);
