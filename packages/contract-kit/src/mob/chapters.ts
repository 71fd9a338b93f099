import { agentEventsChapter } from './agent-events.js';
import { flowsChapter } from './flows.js';
import { ledgerChapter } from './ledger.js';
import { lifecycleChapter } from './lifecycle.js';
import { membersChapter } from './members.js';
import { messagesChapter } from './messages.js';
import type { MobChapter } from './mob-chapter.js';

/** In the order of a mob's life. */
export const mobChapters: readonly MobChapter[] = [
  lifecycleChapter,
  membersChapter,
  messagesChapter,
  ledgerChapter,
  agentEventsChapter,
  flowsChapter,
];
