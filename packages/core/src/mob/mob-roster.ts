import type { MemberDetails, MemberSnapshot, SpawnMemberSpec } from './member.js';
import type { SpawnPolicy } from './spawn-policy.js';

/** Who is in a mob. Commands that change it need a Running mob; retiring also works while it is Stopped. */
export interface MobRoster {
  /** Spawns several, side by side, and answers for each in the order given; one that fails does not keep another. */
  spawnMany(specs: readonly SpawnMemberSpec[]): Promise<readonly SpawnOutcome[]>;

  /** The member of that identity as it is, or a new one. */
  ensure(spec: SpawnMemberSpec): Promise<MemberSnapshot>;

  /** Spawns who is missing, keeps who is there and, with `retireStale`, retires everybody else. Answers for each identity. */
  reconcileMembers(
    desired: readonly SpawnMemberSpec[],
    options?: { readonly retireStale?: boolean },
  ): Promise<MembersReconciled>;

  /** Retires everybody. @throws AggregateError of what kept single members; the others are gone. */
  retireAll(): Promise<void>;

  /**
   * Retires a member and spawns it again: same role, labels, mode and overrides, next generation, new fence and session, wired
   * as before. The ledger shows `member_retired`, `member_spawned` and the wires, kept in one commit: when it fails, the member
   * is as it was, but for the run it was in, which is ended.
   *
   * @throws MobError `MOB_MEMBER_NOT_FOUND`; as `MobHandle.spawn`, before anything has happened.
   */
  respawn(identity: string, options?: { readonly initialMessage?: string }): Promise<MemberSnapshot>;

  /**
   * Gives a member an empty session under its next generation and a new fence, in one `member_reset`; wiring, labels and role
   * stay, messages that wait are removed. Mends a broken one.
   *
   * @throws MobError `MOB_MEMBER_NOT_FOUND`.
   */
  resetMember(identity: string): Promise<MemberSnapshot>;

  /** Ends the turn a member is in at its next boundary; does nothing when there is none. @throws MobError `MOB_MEMBER_NOT_FOUND`. */
  cancelTurn(identity: string): Promise<void>;

  /** What is known of a member beyond the roster; undefined when there is none. Never waits for a turn. */
  memberDetails(identity: string): Promise<MemberDetails | undefined>;

  /**
   * Resolves when the first turn of everybody who has one now and is not broken is over, well or not.
   *
   * @throws MobError `MOB_KICKOFF_TIMEOUT` (`details.pending`, identities) after `timeoutMs`, 600,000 when absent;
   * `MOB_SHUTTING_DOWN` when the mob is shut down meanwhile; the reason of `signal`.
   */
  waitForKickoff(options?: WaitOptions): Promise<void>;

  /**
   * Resolves when everybody who is there now and not broken may work. @throws as `waitForKickoff`, but `MOB_READY_TIMEOUT` after
   * `timeoutMs`, 60,000 when absent.
   */
  waitForReady(options?: WaitOptions): Promise<void>;

  /**
   * Spawns a turn-driven worker (or one that continues the history of another member), lets it do one task, retires it and
   * answers what it said.
   *
   * @throws MobError `MOB_RUN_FAILED` when the task failed; as `spawn`.
   */
  runHelper(spec: HelperSpec): Promise<HelperResult>;

  /** From now on, until the mob is opened again, messages from outside to identities nobody has may spawn them. @throws TypeError for what is none. */
  setSpawnPolicy(policy: SpawnPolicy): void;
}

/** How long to wait. `timeoutMs` in milliseconds; absent: as long as it takes. */
export interface WaitOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What became of one of several that were to be spawned: the member, or why there is none. */
export type SpawnOutcome =
  | { readonly identity: string; readonly member: MemberSnapshot }
  | { readonly identity: string; readonly error: Error };

/** Each list sorted by identity. */
export interface MembersReconciled {
  readonly spawned: readonly string[];
  readonly kept: readonly string[];
  readonly retired: readonly string[];
  readonly failed: readonly { readonly identity: string; readonly error: Error }[];
}

/** A member that does one task and is gone. */
export interface HelperSpec extends SpawnMemberSpec {
  readonly task: string;
  /** The result is cut after so many bytes of UTF-8, and says so. @defaultValue 4096 */
  readonly maxTextBytes?: number;
}

/** What a helper answered. `truncated`: there was more text than was allowed. */
export interface HelperResult {
  readonly identity: string;
  readonly text: string;
  readonly truncated: boolean;
}
