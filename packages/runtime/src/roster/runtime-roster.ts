import type { MemberSnapshot, SpawnMemberSpec, SpawnOutcome } from '@mobkit/core/mob';

/**
 * Who is in the mob, as a host manages it: the commands of `MobHandle`, with the hooks and the error events around them. What is
 * done here is no drift.
 *
 * Everything but reading throws `MOB_SHUTTING_DOWN` once `shutdown` was called.
 */
export interface RuntimeRoster {
  /** Sorted by identity; those that are being retired and broken ones too. */
  list(): readonly MemberSnapshot[];
  /** Undefined when there is none. */
  get(identity: string): MemberSnapshot | undefined;
  /** Those that carry the label with exactly this value, sorted by identity. */
  find(label: string, value: string): readonly MemberSnapshot[];

  /**
   * As `MobHandle.spawn`; then the post-spawn hook is called with it and waited for. A failure is also told to the error hook as
   * `spawn_failure`.
   */
  spawn(spec: SpawnMemberSpec): Promise<MemberSnapshot>;

  /**
   * As `MobRoster.spawnMany`: answers for each in the order given. Each failure is told as `spawn_failure`, and the post-spawn
   * hook is called once, with those that succeeded.
   */
  spawnMany(specs: readonly SpawnMemberSpec[]): Promise<readonly SpawnOutcome[]>;

  /** The member of that identity as it is, or a new one, as `spawn`. */
  ensure(spec: SpawnMemberSpec): Promise<MemberSnapshot>;

  /**
   * The first member, by identity, that carries the label with this value; else a new one, as `spawn`, which gets the label if
   * `spec` does not give it. Calls for the same label wait for each other, so that they make one.
   */
  ensureByLabel(label: string, value: string, spec: SpawnMemberSpec): Promise<MemberSnapshot>;

  /** As `MobHandle.retire`. It comes back with the next reconcile when the source of members still names it. */
  retire(identity: string): Promise<void>;
  /** As `MobRoster.respawn`. */
  respawn(identity: string, options?: { readonly initialMessage?: string }): Promise<MemberSnapshot>;
  /** As `MobRoster.resetMember`. */
  reset(identity: string): Promise<MemberSnapshot>;
  /** As `MobHandle.wire`: a wire made here is not managed, and never taken away by a reconcile. */
  wire(a: string, b: string): Promise<void>;
  /** As `MobComms.unwire`. A desired wire comes back with the next reconcile. */
  unwire(a: string, b: string): Promise<void>;
  /** As `MobRoster.cancelTurn`. */
  cancel(identity: string): Promise<void>;
}
