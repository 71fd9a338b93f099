import type { ErrorHook } from '../error-event.js';
import type { MobError } from '../errors.js';
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

/** What to do about a mob that another engine runs. */
export type WhenHeld = 'refuse' | 'wait' | 'ask' | 'force';

/** Which mob to open, and who is told what of it. */
export interface OpenMobOptions {
  readonly definition: MobDefinition;
  /** As `MobHandle.onAgentEvent`, from before the first turn. */
  readonly onAgentEvent?: AgentEventListener;
  readonly onError?: ErrorHook;
  /**
   * What to do about a mob that another engine runs. `refuse`: fail with `MOB_LEASE_HELD`. `wait`: stand by until that one
   * has let go of it or is not heard of any more. `ask`: the same, and ask it to hand the mob over. `force`: take it at once;
   * whatever the other still writes is refused.
   *
   * @defaultValue `refuse`
   */
  readonly whenHeld?: WhenHeld;
  /** Told once of every owner that is waited for: `MOB_LEASE_HELD`, with `details.owner`. */
  readonly onHeld?: (error: MobError) => void;
  /**
   * Called once, with `MOB_LEASE_LOST` (`details.owner`, if known), when another engine has taken the mob, which has ended
   * here then: its members are interrupted, and nothing it writes is kept. Also when one asks for it (`details.asked`): then
   * the mob is shut down in order and handed over, with the deadline of whoever calls `shutdown` meanwhile.
   */
  readonly onLost?: (error: MobError) => void;
  /** Gives up waiting for another engine: `open` throws its reason. */
  readonly signal?: AbortSignal;
  /** Sends the orchestrator a line about it when the mob is resumed and Running. @defaultValue false */
  readonly notifyOrchestratorOnResume?: boolean;
}

/** A mob that runs, and what was found when it was opened. */
export interface OpenedMob {
  readonly mob: MobHandle;
  readonly report: OpenMobReport;
}

/** What was found of an earlier process, and what was done about it. */
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

/** A turn that had begun and had not ended when its process died. It is not run again. */
export interface LostTurn extends Incarnation {
  readonly interactionId: string;
  /** The start of the message that was being worked on, at most 120 characters. */
  readonly excerpt: string;
}
