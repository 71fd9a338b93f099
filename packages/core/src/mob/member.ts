import type { AgentTool } from './agent-tool.js';
import type { Profile, RuntimeMode } from './definition.js';
import type { ExternalPeer } from './external-peer.js';

/** `active`: works. `retiring`: is being retired. `broken`: its stored session cannot be restored. */
export type MemberStatus = 'active' | 'retiring' | 'broken';

/** How far the first turn of an autonomous member has come. */
export type KickoffPhase = 'pending' | 'starting' | 'started' | 'failed' | 'cancelled';

/** A member of the roster, at one moment. */
export interface MemberSnapshot {
  readonly identity: string;
  readonly generation: number;
  /** Greater for every incarnation of any member of the mob; a command carrying an older one is refused. */
  readonly fenceToken: number;
  /** The name of its profile. */
  readonly role: string;
  readonly runtimeMode: RuntimeMode;
  readonly status: MemberStatus;
  /** Why it is broken; absent otherwise. */
  readonly error?: string;
  /** The identities it may talk to, sorted. */
  readonly wiredTo: readonly string[];
  /** Whom it may talk to outside of the mob, sorted by name; absent for nobody. */
  readonly externalPeers?: readonly ExternalPeer[];
  readonly labels: Readonly<Record<string, string>>;
  readonly sessionId: string;
  /** Absent for members that have no first turn. */
  readonly kickoff?: KickoffPhase;
}

/** What to spawn. */
export interface SpawnMemberSpec {
  /** Unique in the roster; `identityProblem` says what may be one. */
  readonly identity: string;
  readonly profile: string;
  /** What its first turn is about. Absent: autonomous members get a line that says who they are, others no turn. */
  readonly initialMessage?: string;
  /** @defaultValue the profile's */
  readonly runtimeMode?: RuntimeMode;
  /** Keys and values of at most 400 characters. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Appended to its system prompt, each as a section. */
  readonly additionalInstructions?: readonly string[];
  /** @defaultValue `{ mode: 'fresh' }` */
  readonly launch?: LaunchMode;
  /** Plain JSON for hooks, customizers and tools; agents are not told. */
  readonly context?: unknown;
  /** Instead of the definition's profile of that name. */
  readonly profileOverride?: Profile;
  /** Beats the model of the profile. */
  readonly modelOverride?: string;
  readonly providerParamsOverride?: Readonly<Record<string, unknown>>;
  readonly toolAccess?: ToolAccess;
  readonly budget?: AgentBudget;
  /** A member to wire it to, beside the definition's wiring: who spawned it. */
  readonly wireTo?: string;
  /** Tools in this process, for this member alone. Not kept: whoever opens the mob again gives them by a spawn customizer. */
  readonly tools?: readonly AgentTool[];
}

/**
 * `fresh`: an empty session. `resume`: continues a session that is kept, of the same identity and role, without a kickoff.
 * `fork`: an empty session whose first message tells what was said in another member's.
 */
export type LaunchMode =
  | { readonly mode: 'fresh' }
  | { readonly mode: 'resume'; readonly sessionId: string }
  | {
      readonly mode: 'fork';
      readonly source: string;
      readonly history:
        | { readonly type: 'full_history' }
        | { readonly type: 'last_messages'; readonly count: number };
    };

/** Which of its tools a member may run. All stay visible to it; a call of another answers with an error. */
export type ToolAccess =
  | { readonly type: 'inherit' }
  | { readonly type: 'allow_list' | 'deny_list'; readonly tools: readonly string[] };

/** What an agent may use up in its life; its runs fail from then on. */
export interface AgentBudget {
  /** Input and output tokens. */
  readonly maxTokens?: number;
  /** Time in runs. */
  readonly maxDurationMs?: number;
  readonly maxToolCalls?: number;
}

/** More about a member than the roster says. */
export interface MemberDetails extends MemberSnapshot {
  /** The model that counts for it; absent when its profile is not there. */
  readonly model?: string;
  /** Whether a turn runs now. */
  readonly running: boolean;
  /** Messages that wait for it. */
  readonly waiting: number;
  /** In its whole session. */
  readonly tokensUsed: number;
  /** The start of what it said last, at most 200 characters; absent when it said nothing yet. */
  readonly outputPreview?: string;
  /** Why its last run failed; absent when it did not, or none has ended since the mob was opened. */
  readonly lastError?: string;
}

/** What a host may change in a spec before it is used; returns what to use. Must not change identity and, on a respawn, profile. */
export type SpawnCustomizer = (
  spec: SpawnMemberSpec,
  source: 'spawn' | 'respawn' | 'resume' | 'flow' | 'helper' | 'policy',
) => SpawnMemberSpec;
