import type { EventLogStore } from '@mobkit/core';

/** What the chapters about an `EventLogStore` are given. */
export interface EventStore {
  readonly eventLog: EventLogStore;
}
