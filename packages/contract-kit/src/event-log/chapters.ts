import type { Chapter } from '../chapter.js';
import { wrongArgumentsChapter } from './arguments.js';
import { clockChapter } from './clock.js';
import { concurrencyChapter } from './concurrency.js';
import { entriesChapter } from './entries.js';
import type { EventStore } from './event-store.js';
import { filtersChapter } from './filters.js';
import { hostileChapter } from './hostile.js';
import { killChapter } from './kill.js';
import { limitsChapter } from './limits.js';
import { processesChapter } from './processes.js';
import { readingChapter } from './reading.js';
import { repeatsChapter } from './repeats.js';
import { restartChapter } from './restart.js';
import { retentionChapter } from './retention.js';
import { sizesChapter } from './sizes.js';
import { supportsChapter } from './supports.js';
import { wakesChapter } from './wakes.js';

/** What a capability card says of an `EventLogStore`, in its order. */
export const eventLogChapters: readonly Chapter<EventStore>[] = [
  supportsChapter,
  entriesChapter,
  repeatsChapter,
  readingChapter,
  filtersChapter,
  limitsChapter,
  sizesChapter,
  hostileChapter,
  wrongArgumentsChapter,
  clockChapter,
  retentionChapter,
  wakesChapter,
  concurrencyChapter,
  processesChapter,
  restartChapter,
  killChapter,
];
