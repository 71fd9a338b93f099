import type { Chapter } from '../chapter.js';
import { wrongArgumentsChapter } from './arguments.js';
import { claimsChapter } from './claims.js';
import { clockChapter } from './clock.js';
import { closingChapter } from './closing.js';
import { commitChapter } from './commit.js';
import { concurrencyChapter } from './concurrency.js';
import { contentsChapter } from './contents.js';
import { definitionsChapter } from './definitions.js';
import { entriesChapter } from './entries.js';
import { expectationsChapter } from './expectations.js';
import { filtersChapter } from './filters.js';
import { hostileChapter } from './hostile.js';
import { killChapter } from './kill.js';
import { limitsChapter } from './limits.js';
import { processesChapter } from './processes.js';
import { readingChapter } from './reading.js';
import { recordsChapter } from './records.js';
import { repeatsChapter } from './repeats.js';
import { restartChapter } from './restart.js';
import { retentionChapter } from './retention.js';
import { sizesChapter } from './sizes.js';
import type { StorageStore } from './storage-store.js';
import { supportsChapter } from './supports.js';
import { tornCommitChapter } from './torn-commit.js';
import { versionsChapter } from './versions.js';
import { wakesChapter } from './wakes.js';

/** What a capability card says of a `Storage`, in its order. */
export const storageChapters: readonly Chapter<StorageStore>[] = [
  supportsChapter,
  entriesChapter,
  repeatsChapter,
  expectationsChapter,
  readingChapter,
  filtersChapter,
  limitsChapter,
  sizesChapter,
  hostileChapter,
  wrongArgumentsChapter,
  clockChapter,
  retentionChapter,
  wakesChapter,
  recordsChapter,
  versionsChapter,
  claimsChapter,
  commitChapter,
  definitionsChapter,
  contentsChapter,
  concurrencyChapter,
  processesChapter,
  restartChapter,
  killChapter,
  tornCommitChapter,
  closingChapter,
];
