import { describeSessionStore } from '@mobkit/contract-kit';
import { openFileSessions } from '@mobkit/store-file';

import { testFiles } from './test-files.js';

const freshFile = testFiles();
let path = '';

describeSessionStore({
  name: 'file',
  supports: { processes: 'many' },
  open: () => openFileSessions({ path: (path = freshFile()) }),
  reopen: () => openFileSessions({ path }),
});
