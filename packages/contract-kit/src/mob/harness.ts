import type { Clock, Storage } from '@mobkit/core';
import type { AgentTool, LlmProvider, MobEngine } from '@mobkit/core/mob';

/** How the kit gets mob engines to test. */
export interface MobHarness {
  /** Shown in the test report. */
  readonly name: string;

  /** Opens a storage that holds nothing. Called before every test; closed after it. */
  open(): Promise<{ readonly storage: Storage; close(): Promise<void> }>;

  /** Makes an engine. Called again over the same storage for what another process would do after the one before. */
  engine(parts: MobEngineParts): MobEngine;
}

/** What an engine under test is made from. It must use nothing else that outlives it. */
export interface MobEngineParts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly providers: () => readonly LlmProvider[];
  readonly tools: () => readonly AgentTool[];
  /** Members of one mob at most. */
  readonly maxSessions: number;
}
