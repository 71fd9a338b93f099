import type { Clock, ErrorHook, MobError, Storage } from '@mobkit/core';
import type {
  AgentHook,
  AgentTool,
  LlmProvider,
  MobDefinition,
  ResolvePeer,
  SpawnCustomizer,
  ToolGate,
  ToolSource,
} from '@mobkit/core/mob';

import type { Ledger } from '../ledger/ledger.js';
import type { Activity } from './activity.js';
import type { AgentEventFeed } from './agent-event-feed.js';
import type { Changes } from './changes.js';
import type { CallbackGuard } from './callback-guard.js';

/** What the parts of one open mob share. */
export interface MobContext {
  readonly mobId: string;
  readonly definition: MobDefinition;
  readonly storage: Storage;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Names this engine, to tell its marks from those of an earlier process. */
  readonly engineId: string;
  readonly providers: readonly LlmProvider[];
  /** The tools that hosts offer, by name. */
  readonly hostTools: ReadonlyMap<string, AgentTool>;
  /** Where more tools come from. */
  readonly toolSources: readonly ToolSource[];
  /** Decides about calls of tools that profiles list as gated; absent: none of them may be made. */
  readonly toolGate: ToolGate | undefined;
  /** Of the host, called inside runs. */
  readonly hooks: readonly AgentHook[];
  /** Finds members of other mobs of this process. */
  readonly resolvePeer: ResolvePeer;
  readonly feed: AgentEventFeed;
  readonly activity: Activity;
  readonly changes: Changes;
  readonly customizeSpawn: SpawnCustomizer;
  /** Members at most. */
  readonly maxSessions: number;
  /** Never throws. */
  readonly onError: ErrorHook;
  readonly guard: CallbackGuard;
  /** Called with every `MOB_CONFLICT`: another engine runs this mob, so this one must stop. Acts once. */
  readonly stepDown: (error: MobError) => void;
}
