import { type Chapter, unlessReopened, unlessShared } from '../chapter.js';
import { wrongArgumentsTests } from './arguments.js';
import { compactionTests } from './compaction.js';
import { concurrencyTests, processTests } from './concurrency.js';
import { hostileTests } from './hostile.js';
import { latestTests } from './latest.js';
import { modelTests } from './model.js';
import { pageTests } from './pages.js';
import { restartTests } from './restart.js';
import { rowTests } from './rows.js';
import type { SessionsStore } from './sessions-store.js';
import { supportsTests } from './supports.js';

/** What a capability card says of a `SessionStore`, in its order. */
export const sessionChapters: readonly Chapter<SessionsStore>[] = [
  { name: 'supports', tests: supportsTests },
  { name: 'rows', tests: rowTests },
  { name: 'latest', tests: latestTests },
  { name: 'pages', tests: pageTests },
  { name: 'hostile', tests: hostileTests },
  { name: 'arguments', tests: wrongArgumentsTests },
  { name: 'compaction', tests: compactionTests },
  { name: 'model', tests: modelTests },
  { name: 'concurrency', tests: concurrencyTests },
  { name: 'processes', notFor: unlessShared, tests: processTests },
  { name: 'restart', notFor: unlessReopened, tests: restartTests },
];
