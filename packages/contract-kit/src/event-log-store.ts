import { describeContract } from './chapter.js';
import { eventLogChapters } from './event-log/chapters.js';
import type { EventStore } from './event-log/event-store.js';
import type { Harness } from './harness.js';

/** Registers the tests every `EventLogStore` passes. Call it at the top level of a vitest file. */
export function describeEventLogStore(harness: Harness<EventStore>): void {
  describeContract('EventLogStore', harness, eventLogChapters);
}
