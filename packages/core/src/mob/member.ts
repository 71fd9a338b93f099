import type { RuntimeMode } from './definition.js';

/** One life of a member. A member that is spawned again has the next generation. */
export interface Incarnation {
  readonly identity: string;
  /** From 0. */
  readonly generation: number;
}

/** The text form of an incarnation: `worker-1:0`. */
export function formatIncarnation({ identity, generation }: Incarnation): string {
  return `${identity}:${generation}`;
}

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
  /** The text of its first turn. Absent: autonomous members get a line that says who they are, others no turn. */
  readonly initialMessage?: string;
  /** @defaultValue the profile's */
  readonly runtimeMode?: RuntimeMode;
  /** Keys and values of at most 400 characters. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Appended to its system prompt, each as a section. */
  readonly additionalInstructions?: readonly string[];
}
