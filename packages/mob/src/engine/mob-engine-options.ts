import type { Clock, Storage } from '@mobkit/core';
import type {
  AgentHook,
  AgentTool,
  LlmProvider,
  ResolvePeer,
  SpawnCustomizer,
  ToolGate,
  ToolSource,
} from '@mobkit/core/mob';

/** What an engine is made from. */
export interface MobEngineOptions {
  /** Where mobs are kept: ledger, sessions, waiting messages. The caller closes it, after the mobs were shut down. */
  readonly storage: Storage;
  /** The models to ask, read once for every mob that is opened. Of several that support one, the last is asked. */
  readonly providers: () => readonly LlmProvider[];
  /** What profiles may name under `tools.host`, read once for every mob that is opened; of two of one name, the last. */
  readonly tools?: () => readonly AgentTool[];
  /** What profiles may name under `tools.mcp`, read once for every mob that is opened. */
  readonly toolSources?: () => readonly ToolSource[];
  /** Decides about calls of the tools that profiles list under `tools.gated`. @defaultValue none of them may be made */
  readonly toolGate?: ToolGate;
  /** Called inside the runs of every member, read once for every mob that is opened. @defaultValue none */
  readonly hooks?: () => readonly AgentHook[];
  /** Called with every spec before it is used, also for every member when a mob is opened again (`resume`). @defaultValue changes nothing */
  readonly customizeSpawn?: SpawnCustomizer;
  /** Takes a storage that keeps nothing beyond this process. @defaultValue false */
  readonly allowEphemeralSessions?: boolean;
  /** Names this engine to another one that is refused a mob it runs. @defaultValue the process id */
  readonly owner?: string;
  /** Finds members of mobs of other engines, for peers at `inproc://…`; those of its own it finds itself. @defaultValue nobody is found */
  readonly resolvePeer?: ResolvePeer;
  /** @defaultValue the machine's */
  readonly clock?: Clock;
  /** Members of one mob at most; what is resumed is never refused. @defaultValue 64 */
  readonly maxSessions?: number;
  /** Gives ids of events, sessions and interactions, each once for ever. @defaultValue UUIDs of version 7 */
  readonly newId?: () => string;
}
