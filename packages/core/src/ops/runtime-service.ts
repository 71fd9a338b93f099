import type { ErrorHook } from '../error-event.js';
import type { MobHandle } from '../mob/mob-handle.js';
import type { ModuleEventListener, ModuleHost } from './module-host.js';

/** What a runtime gives the services that run with it. */
export interface ServiceHost {
  /** Open; its members begin to work when every service has started, and what they are sent until then waits for that. */
  readonly mob: MobHandle;
  /** Absent for a runtime without helper processes. */
  readonly modules?: ModuleHost;
  /** Brings an event into the timeline, to live subscribers and into the event log. Never throws. */
  readonly tell: ModuleEventListener;
  /** Told of failures nobody waits for. Never throws. */
  readonly onError: ErrorHook;
}

/** A part that works by itself for as long as a runtime runs: retries, timers, what comes due. */
export interface RuntimeService {
  /**
   * Begins what it does by itself, also what an earlier process left undone. Called once. What is asked of it before is
   * answered, and nothing happens by itself.
   */
  start(host: ServiceHost): Promise<void>;

  /**
   * Begins nothing more, refuses what would (`MOB_SHUTTING_DOWN`), and resolves when nothing is under way any more, at the
   * latest after `deadlineMs`: what is then left is given up, and is as if the process had died. Also without a `start`, also
   * after one that failed, and again. Never rejects.
   */
  stop(options: { readonly deadlineMs: number }): Promise<void>;
}
