// The one test file that `mobkit-conformance` runs: all chapters that apply to the stores of some modules.

import { expect, inject, it } from 'vitest';

import type { Chapter } from '../chapter.js';
import { describeEventLogStore } from '../event-log-store.js';
import { eventLogChapters } from '../event-log/chapters.js';
import type { ConformanceHarness, Harness, Stores } from '../harness.js';
import { describeMetadataStore } from '../metadata-store.js';
import { metadataChapters } from '../metadata/chapters.js';
import { describeSessionStore } from '../session-store.js';
import { sessionChapters } from '../session-store/chapters.js';
import { describeStorage } from '../storage.js';
import { storageChapters } from '../storage/chapters.js';
import type { CardPlan } from './capability-card.js';
import { loadHarness } from './load-harness.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URLs of the modules with a harness. */
    readonly conformanceModules: readonly string[];
  }
  interface TaskMeta {
    conformancePlans?: readonly CardPlan[];
  }
}

const plans: CardPlan[] = [];
for (const module of inject('conformanceModules')) {
  const { harness, given } = await loadHarness(module);
  const { storage, eventLog, metadata, sessions } = given;
  plans.push(planOf(harness, given));
  if (storage) describeStorage(harness as Harness<Stores & { storage: typeof storage }>);
  if (eventLog) describeEventLogStore(harness as Harness<Stores & { eventLog: typeof eventLog }>);
  if (metadata) describeMetadataStore(harness as Harness<Stores & { metadata: typeof metadata }>);
  if (sessions) describeSessionStore(harness as Harness<Stores & { sessions: typeof sessions }>);
}
it('says what there is', ({ task }) => {
  task.meta.conformancePlans = plans;
  expect(plans).not.toEqual([]);
});

function planOf({ name, supports, ...offers }: ConformanceHarness, stores: Stores): CardPlan {
  const { durable = false, cursor = 'strict' } =
    stores.storage?.supports ?? stores.eventLog?.supports ?? stores.sessions?.supports ?? {};
  const processes = (stores.storage ?? stores.sessions)?.supports.processes ?? supports?.processes ?? 'one';
  const whole = { name, ...offers, ...(supports && { supports }) } as Harness<never>;
  const contract = <T>(named: string, chapters: readonly Chapter<T>[]) => ({
    contract: named,
    chapters: chapters.map((chapter) => {
      const why = chapter.notFor?.(whole);
      return { chapter: chapter.name, ...(why !== undefined && { why }) };
    }),
  });
  return {
    store: name,
    supports: { durable, processes, cursor },
    contracts: [
      ...(stores.storage ? [contract('Storage', storageChapters)] : []),
      ...(stores.eventLog ? [contract('EventLogStore', eventLogChapters)] : []),
      ...(stores.metadata ? [contract('PersistentMetadataStore', metadataChapters)] : []),
      ...(stores.sessions ? [contract('SessionStore', sessionChapters)] : []),
    ],
  };
}
