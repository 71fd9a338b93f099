import type { ErrorHook } from '../error-event.js';
import type { MobDefinition } from './definition.js';
import type { Incarnation } from './incarnation.js';
import type { AgentEventListener, MobHandle } from './mob-handle.js';
import type { ChildMobs } from './mob-registry.js';

/** Makes mobs run. `createMobEngine` of `@mobkit/mob` is the one that comes with mobkit. */
export interface MobEngine {
  /**
   * Creates the mob, or resumes it from its ledger: roster, wiring and sessions as they were, messages that waited
   * waiting again, Stopped when it was stopped. Finishes first what was left of a destroy. No member works before
   * `mob.start()`. When it fails, nothing it began still runs.
   *
   * @throws MobError `MOB_DEFINITION_INVALID` (`details.diagnostics`), `MOB_DEFINITION_CHANGED` when the ledger holds
   * another definition (`details.changes`), `MOB_LEASE_HELD` (retryable, `details.owner`) when another engine runs it,
   * `MOB_DESTROY_INCOMPLETE` (retryable), `MOB_LEDGER_INVALID` when the ledger cannot be folded, and what its storage
   * throws.
   */
  open(options: OpenMobOptions): Promise<OpenedMob>;

  /** The mobs that members of its mobs made; absent when they can make none. */
  readonly childMobs?: ChildMobs;
}

export interface OpenMobOptions {
  readonly definition: MobDefinition;
  /** As `MobHandle.onAgentEvent`, from before the first turn. */
  readonly onAgentEvent?: AgentEventListener;
  readonly onError?: ErrorHook;
  /** Sends the orchestrator a line about it when the mob is resumed and Running. @defaultValue false */
  readonly notifyOrchestratorOnResume?: boolean;
}

export interface OpenedMob {
  readonly mob: MobHandle;
  readonly report: OpenMobReport;
}

export interface OpenMobReport {
  /** False when the mob was created. */
  readonly resumed: boolean;
  /** Turns that had begun and had not ended when the process before this one died. They are not run again. */
  readonly lostTurns: readonly LostTurn[];
  /** Whether an earlier mob of this id was being destroyed when its process ended: what was left of it is gone now. */
  readonly destroyFinished: boolean;
  /** Open sessions that no member has, by id. They are archived. */
  readonly orphanSessions: readonly string[];
  /** Members whose stored session could not be restored. */
  readonly broken: readonly { readonly identity: string; readonly error: string }[];
  readonly warnings: readonly string[];
}

export interface LostTurn extends Incarnation {
  readonly interactionId: string;
  /** The start of the message that was being worked on, at most 120 characters. */
  readonly excerpt: string;
}
