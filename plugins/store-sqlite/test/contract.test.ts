import { describeEventLogStore, describeMetadataStore, describeStorage } from '@mobkit/contract-kit';
import { openSqliteStores } from '@mobkit/store-sqlite';

import { testDirectories } from './test-directories.js';

const freshDirectory = testDirectories();
let directory = '';

const harness = {
  name: 'sqlite',
  open: () => openSqliteStores({ directory: (directory = freshDirectory()) }),
  reopen: () => openSqliteStores({ directory }),
} as const;

describeStorage(harness);
describeEventLogStore(harness);
describeMetadataStore(harness);
