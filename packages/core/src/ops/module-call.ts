import type { JsonValue } from '../json-value.js';

/** Something a module is asked to do. */
export interface ModuleCall {
  readonly moduleId: string;
  /** Over `mcp` the name of a tool. */
  readonly method: string;
  /** An object over `mcp`. @defaultValue `{}` */
  readonly params?: JsonValue;
  /** From the call to its answer. @defaultValue what the host was configured with */
  readonly timeoutMs?: number;
  /** Gives up waiting; the module may do it all the same. */
  readonly signal?: AbortSignal;
}

/** The part of a `ModuleHost` that whoever only asks modules needs. */
export interface ModuleCaller {
  /** As `ModuleHost.call`. */
  call(call: ModuleCall): Promise<JsonValue>;
}

/** `details.reason` of `MOB_MODULE_CALL_FAILED`. */
export type ModuleCallProblem =
  /** It has no such tool: `details.availableTools`, sorted. */
  | 'tool_not_found'
  /** It answered that it failed; the message has its text. */
  | 'tool_failed'
  /** Its process ended before it answered: whether it was done is not known. */
  | 'closed'
  /** Its process is being restarted and was not asked: it can be tried again. */
  | 'restarting'
  /** It has not read what it was sent before, and was not asked. */
  | 'overloaded'
  /** What it answered is not what a contract of ours needs: `details.field`. */
  | 'invalid_payload'
  /** It could not be reached, or did not say what it offers, when it was started. */
  | 'connection_failed'
  | 'list_failed';

/** `details.reason` of `MOB_PROCESS_FAILED`. */
export type ModuleProcessProblem =
  /** The command could not be started. */
  | 'spawn_failed'
  /** It ended, or closed its output, before it said anything. */
  | 'empty_output'
  /** It said nothing in time: `details.timeoutMs`. */
  | 'timeout'
  /** What it said is not JSON. */
  | 'invalid_json_line'
  /** A line longer than 1 MiB. */
  | 'line_too_long'
  /** It ended while it was needed: `details.exitCode` or `details.signal`. */
  | 'exited'
  /** It does not answer any more. */
  | 'hanging'
  /** Its pipes failed, or it could not be ended. */
  | 'io';
