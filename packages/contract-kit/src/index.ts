export { describeEventLogStore } from './event-log-store.js';
export type { ChildEntry, ConformanceHarness, Harness, Opened, Stores } from './harness.js';
export { appends, FaultyStorage, unavailable } from './faulty-storage.js';
export { entry, event } from './makers.js';
export { ManualClock } from './manual-clock.js';
export { describeMetadataStore } from './metadata-store.js';
export { describeMob } from './mob.js';
export type { MobEngineParts, MobHarness } from './mob/harness.js';
export { describeStorage } from './storage.js';
