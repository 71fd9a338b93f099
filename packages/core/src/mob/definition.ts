import type { FlowDefinition, FlowLimits, SupervisorPolicy, TopologyPolicy } from './flow.js';
import type { RiskTier } from './risk-tier.js';
import type { SpawnPolicy } from './spawn-policy.js';

// A definition keeps the spelling of its document (snake_case), because it is stored in the ledger, compared and shown
// as it was written.

/** A mob as its author describes it: the JSON form of a `mob.toml`. Pure data, kept whole in the `mob_created` event. */
export interface MobDefinition {
  readonly id: string;
  /** The profile of the coordinator. */
  readonly orchestrator?: { readonly profile: string };
  /** Role templates, by name. */
  readonly profiles: Readonly<Record<string, Profile>>;
  /** The first roster, spawned in this order when the mob is created. Ours: not part of the described system. */
  readonly members?: readonly MemberDefinition[];
  readonly wiring?: {
    /** Wires every member to the members of the orchestrator's profile. @defaultValue false */
    readonly auto_wire_orchestrator?: boolean;
    /** Wires every member of `a` to every member of `b`; equal names mean all of one profile among themselves. */
    readonly role_wiring?: readonly { readonly a: string; readonly b: string }[];
  };
  /** Prompt fragments, by name. */
  readonly skills?: Readonly<Record<string, Skill>>;
  /** By id. */
  readonly flows?: Readonly<Record<string, FlowDefinition>>;
  readonly topology?: TopologyPolicy;
  readonly supervisor?: SupervisorPolicy;
  readonly limits?: FlowLimits;
  /** @defaultValue `{ mode: 'none' }` */
  readonly spawn_policy?: SpawnPolicy;
  /** What `MobHandle.agentEvents` gives its readers. */
  readonly event_router?: {
    /** Events that may wait for a reader. @defaultValue 256 */
    readonly buffer_size?: number;
    /** Types of events, `*` for any characters; absent: all. */
    readonly include_patterns?: readonly string[];
    /** Of those, the ones to leave out. */
    readonly exclude_patterns?: readonly string[];
  };
  /** What later versions and other engines read: kept, compared and given back, not interpreted. */
  readonly [key: string]: unknown;
}

/** A role template. */
export interface Profile {
  /** Which model answers, e.g. `scripted`; a provider that knows the name must be registered. */
  readonly model: string;
  /** Names of `skills`, joined into the system prompt in this order. */
  readonly skills?: readonly string[];
  readonly tools?: ProfileTools;
  /** What peers are told about a member of this role. */
  readonly peer_description?: string;
  /** Whether callers outside the mob may send it messages. @defaultValue false */
  readonly external_addressable?: boolean;
  /** @defaultValue `autonomous_host` */
  readonly runtime_mode?: RuntimeMode;
  /** What every answer of a run is drawn into: a JSON Schema whose root is an object. */
  readonly output_schema?: Readonly<Record<string, unknown>>;
  /** Passed to the provider, by its name. */
  readonly provider_params?: Readonly<Record<string, unknown>>;
  /** Whether it is told who joins and leaves: -1 always, 0 never, n only while it has at most n peers. @defaultValue -1 */
  readonly max_inline_peer_notifications?: number;
  readonly [key: string]: unknown;
}

/** Which families of tools a member is offered; each is off unless said otherwise. */
export interface ProfileTools {
  /** The tools to talk to peers. A member cannot be spawned without it. */
  readonly comms?: boolean;
  /** Tools that plugins offer to every agent, by name, e.g. `deliver`. */
  readonly host?: readonly string[];
  /** The tools of MCP servers of the host, by the server's name; `[]` means all of them, absent none. */
  readonly mcp?: readonly string[];
  /** Tools to make mobs and to manage those it made. */
  readonly mob?: boolean;
  /** Tools, by name, whose calls the gate of the host decides about before they run, and how risky they are. */
  readonly gated?: Readonly<Record<string, RiskTier>>;
  readonly [key: string]: unknown;
}

/** A member of the first roster. */
export interface MemberDefinition {
  readonly identity: string;
  readonly profile: string;
  readonly initial_message?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What a role is taught: the text itself, or the file it is in. */
export type Skill =
  | { readonly source: 'inline'; readonly content: string }
  | { readonly source: 'path'; readonly path: string };

/**
 * `autonomous_host`: works on its own, a turn for every message that reaches it. `turn_driven`: works only when a host
 * starts a turn; messages of peers wait until then.
 */
export type RuntimeMode = 'autonomous_host' | 'turn_driven';

/** Something wrong, or doubtful, in a definition. */
export interface Diagnostic {
  /** Stable, e.g. `missing_skill_ref`. */
  readonly code: string;
  readonly message: string;
  /** Path-like, e.g. `profiles.worker.skills[0]`. */
  readonly location?: string;
  /** Line and column in the TOML text, from 1, where known. */
  readonly line?: number;
  readonly column?: number;
  /** An error keeps the mob from being created or resumed; a warning is only shown. */
  readonly severity: 'error' | 'warning';
}
