import type { ModuleEvent } from '../unified-event.js';

/** How a module is, as the seeds of the wire name it. */
export type ModuleHealthState = 'Starting' | 'Healthy' | 'Failed' | 'Restarting' | 'Stopped';

export interface ModuleHealthTransition {
  readonly moduleId: string;
  /** Absent for the first one. */
  readonly from?: ModuleHealthState;
  readonly to: ModuleHealthState;
  /** Counts starts of this module, from 1. */
  readonly attempt: number;
}

/** Something a module did, or that happened to it. */
export interface ModuleEventEnvelope {
  /** Unique among all events. */
  readonly eventId: string;
  /** Unix time in whole milliseconds, of the source. */
  readonly timestampMs: number;
  readonly event: ModuleEvent;
}

/** Must be quick and must not throw: modules wait for nobody. */
export type ModuleEventListener = (event: ModuleEventEnvelope) => void;

export interface ModuleStartOptions {
  /** Told of every event, from before the first module starts. */
  readonly onEvent: ModuleEventListener;
  /** Gives up starting; what was started is then ended by `shutdown`. */
  readonly signal: AbortSignal;
}

export interface ModuleShutdown {
  /** Sorted. */
  readonly terminatedModules: readonly string[];
  /** Processes that were left behind; 0 when all were reaped. */
  readonly orphanProcesses: number;
}

/**
 * The helper processes of a mob. The runtime starts them when the mob is open and ends them when its agents have ended,
 * so that the last tool call of an agent still finds its module.
 */
export interface ModuleHost {
  /**
   * Starts the modules that are wanted. Resolves when each has started or failed to: one that fails does not keep the
   * others, it is an event of type `supervisor.warning`. Called once.
   *
   * @throws MobError `MOB_CONFIG_INVALID` for a module that is wanted and not configured.
   */
  start(options: ModuleStartOptions): Promise<void>;

  /** The ids of those that are loaded, sorted. */
  loaded(): readonly string[];

  isRunning(moduleId: string): boolean;

  /** The newest transitions, at most 1024, oldest first. */
  healthTransitions(): readonly ModuleHealthTransition[];

  /**
   * Starts those of `moduleIds` that are not loaded; answers how many.
   *
   * @throws as `start`, before anything has happened.
   */
  reconcile(moduleIds: readonly string[]): Promise<number>;

  /** Ends every module within `deadlineMs`, the reluctant ones by force. Never rejects. Also after a `start` that failed. */
  shutdown(options: { readonly deadlineMs: number }): Promise<ModuleShutdown>;
}
