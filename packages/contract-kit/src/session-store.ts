import { describeContract } from './chapter.js';
import type { Harness } from './harness.js';
import { sessionChapters } from './session-store/chapters.js';
import type { SessionsStore } from './session-store/sessions-store.js';

/** Registers the tests every `SessionStore` passes. Call it at the top level of a vitest file. */
export function describeSessionStore(harness: Harness<SessionsStore>): void {
  describeContract('SessionStore', harness, sessionChapters);
}
