import type { JsonValue } from '../json-value.js';
import type { ModuleEvent } from '../unified-event.js';
import type { ModuleCall, ModuleCaller } from './module-call.js';
import type { ModuleBoundary, ModuleHealthTransition, ModuleStatus } from './module-status.js';

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

/** How modules are started. */
export interface ModuleStartOptions {
  /** Told of every event, from before the first module starts. */
  readonly onEvent: ModuleEventListener;
  /** Gives up starting; what was started is then ended by `shutdown`. */
  readonly signal: AbortSignal;
}

/** What became of the modules. */
export interface ModuleShutdown {
  /** Those that were loaded when it began, sorted. */
  readonly terminatedModules: readonly string[];
  /** Processes that were left behind; 0 when all were reaped. */
  readonly orphanProcesses: number;
}

/**
 * The helper processes of a mob. The runtime starts them when the mob is open and ends them when its agents have ended,
 * so that the last tool call of an agent still finds its module.
 *
 * A module is loaded from when it is healthy until it is `Stopped`: also while it is being restarted.
 */
export interface ModuleHost extends ModuleCaller {
  /**
   * Starts the modules that are wanted, one after the other in their order. Resolves when each has started or failed to: one
   * that fails does not keep the others, it is an event of type `supervisor.warning`. Called once.
   *
   * @throws MobError `MOB_CONFIG_INVALID` for a module that is wanted and not configured (`details.module`), before anything
   * has happened.
   */
  start(options: ModuleStartOptions): Promise<void>;

  /** The ids of those that are loaded, sorted. */
  loaded(): readonly string[];

  /** Whether it is loaded and its process is up. */
  isRunning(moduleId: string): boolean;

  /** The newest transitions, at most 1024, oldest first. */
  healthTransitions(): readonly ModuleHealthTransition[];

  /** How every configured module is, sorted by id. */
  modules(): readonly ModuleStatus[];

  /** How a module is spoken to; undefined for one that is not configured. */
  boundaryOf(moduleId: string): ModuleBoundary | undefined;

  /** What a loaded module says that it can be asked for, sorted; empty for one that says nothing or is not loaded. */
  tools(moduleId: string): readonly string[];

  /**
   * Asks a loaded module. Calls of one module run side by side; each has one deadline from here to its answer. A call is made
   * at most once. Over `mcp` it calls the tool named `method`, whose text is the answer: parsed when it is JSON, else as it
   * is. Over `lines` it sends one line with id, method and params, and the answer is the line with that id.
   *
   * @throws MobError
   * `MOB_MODULE_NOT_LOADED` (`details.module`);
   * `MOB_MODULE_MCP_REQUIRED` for `router`, `delivery`, `memory` or `scheduling` over `lines` (`details.module`, and
   * `details.flow`: the method);
   * `MOB_MODULE_TIMEOUT` (`details.module`, `operation`: `call_tool:<method>`, `timeoutMs`): whether it was done is not known;
   * `MOB_MODULE_CALL_FAILED` (`details.module`, `tool`, and `reason`, a `ModuleCallProblem`);
   * `MOB_REQUEST_INVALID` for params that are no object over `mcp` (`details.field`).
   * @throws what `signal` was aborted with.
   */
  call(call: ModuleCall): Promise<JsonValue>;

  /**
   * Starts a module, or ends it and starts it anew: the old process is gone before the new one begins. Its failures and
   * restarts of before count no more.
   *
   * @throws MobError `MOB_CONFIG_INVALID` for one that is not configured (`details.module`); when it does not start, which is
   * also told as a `supervisor.warning`, `MOB_PROCESS_FAILED` (`details.module` and `reason`, a `ModuleProcessProblem`),
   * `MOB_EVENT_INVALID` when its first line is no event of it (`details.module`, and as `parseEventLine`),
   * `MOB_MODULE_TIMEOUT` (`operation`: `connect`, `list_tools`) or `MOB_MODULE_CALL_FAILED` over `mcp`.
   * `MOB_SHUTTING_DOWN` from when `shutdown` is called.
   */
  spawn(moduleId: string): Promise<void>;

  /**
   * Starts those of `moduleIds` that are not loaded, in order; answers how many. Ends none. The first that does not start
   * ends it: those before it stay.
   *
   * @throws as `spawn`; for a module that is not configured before anything has happened.
   */
  reconcile(moduleIds: readonly string[]): Promise<number>;

  /**
   * Ends every module within `deadlineMs`, the reluctant ones by force. Calls under way fail. Never rejects; a second call
   * answers as the first. Also after a `start` that failed.
   */
  shutdown(options: { readonly deadlineMs: number }): Promise<ModuleShutdown>;
}
