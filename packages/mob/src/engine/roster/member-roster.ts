import { MobError } from '@mobkit/core';
import type {
  HelperResult,
  HelperSpec,
  MemberDetails,
  MembersReconciled,
  MemberSnapshot,
  MobRoster,
  SpawnMemberSpec,
  SpawnOutcome,
  SpawnPolicy,
  WaitOptions,
} from '@mobkit/core/mob';

import type { Member } from '../../members/member.js';
import { spawnPolicySchema } from '../../definition/definition-schema.js';
import { effectiveProfile } from '../../members/effective-profile.js';
import { UnansweredSpawns } from '../unanswered-spawns.js';
import type { Crew } from './crew.js';
import { resetMember } from './reset-member.js';
import { respawnMember } from './respawn.js';
import { type RetireFailure, retireMembers } from './retire-members.js';
import { waitForKickoff, waitForReady } from './roster-waits.js';
import { checkHelper, doTask } from './run-helper.js';
import { notAddressable } from '../not-addressable.js';
import { type SpawnAnswer, spawnMembers, type SpawnRequest } from './spawn-members.js';

/** Who joins a mob and who leaves it. */
export class MemberRoster implements MobRoster {
  readonly #crew: Crew;
  readonly #unanswered = new UnansweredSpawns();
  #policy: SpawnPolicy;

  constructor(crew: Crew) {
    this.#crew = crew;
    this.#policy = crew.context.definition.spawn_policy ?? { mode: 'none' };
  }

  async spawn(spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    return memberOf(await this.#request({ spec, ensure: false }));
  }

  async spawnMany(specs: readonly SpawnMemberSpec[]): Promise<readonly SpawnOutcome[]> {
    this.#crew.states.expect('spawnMany');
    const answers = await Promise.all(specs.map((spec) => this.#request({ spec, ensure: false })));
    return answers.map((answer, at): SpawnOutcome => {
      const identity = specs[at]!.identity;
      return 'error' in answer
        ? { identity, error: toError(answer.error) }
        : { identity, member: answer.member };
    });
  }

  async ensure(spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    return memberOf(await this.#request({ spec, ensure: true }));
  }

  async reconcileMembers(
    desired: readonly SpawnMemberSpec[],
    { retireStale = false }: { readonly retireStale?: boolean } = {},
  ): Promise<MembersReconciled> {
    const wanted = new Set(desired.map(({ identity }) => identity));
    if (wanted.size < desired.length) throw new TypeError('desired names a member twice');
    return this.#crew.command('reconcileMembers', async () => {
      const answers = await this.#spawn(desired.map((spec) => ({ spec, ensure: true })));
      const stale = [...this.#crew.members.values()].filter(({ entry }) => !wanted.has(entry.identity));
      const staying = retireStale ? await this.#retire(stale) : [];
      const still = new Set(staying.map(({ identity }) => identity));
      const named = (test: (answer: SpawnAnswer) => boolean) =>
        desired.flatMap(({ identity }, at) => (test(answers[at]!) ? [identity] : [])).toSorted();
      const failed = desired.flatMap(({ identity }, at) => {
        const answer = answers[at]!;
        return 'error' in answer ? [{ identity, error: toError(answer.error) }] : [];
      });
      const gone = retireStale
        ? stale.map(({ entry }) => entry.identity).filter((one) => !still.has(one))
        : [];
      return {
        spawned: named((answer) => 'member' in answer && answer.spawned),
        kept: named((answer) => 'member' in answer && !answer.spawned),
        retired: gone.toSorted(),
        failed: [...failed, ...staying].toSorted((one, other) => (one.identity < other.identity ? -1 : 1)),
      };
    });
  }

  /** Spawns what a flow needs and is not there. Part of a command. @throws why one could not be spawned. */
  async spawnForFlow(specs: readonly SpawnMemberSpec[]): Promise<void> {
    const answers = await this.#spawn(specs.map((spec) => ({ spec, ensure: true, source: 'flow' as const })));
    for (const answer of answers) memberOf(answer);
  }

  retire(identity: string): Promise<void> {
    return this.#crew.command('retire', async () => {
      const member = this.#crew.members.get(identity);
      const [failure] = member ? await this.#retire([member]) : [];
      if (failure) throw failure.error;
    });
  }

  retireAll(): Promise<void> {
    return this.#crew.command('retireAll', async () => {
      const failures = await this.retireEverybody();
      if (failures.length === 0) return;
      const names = failures.map(({ identity }) => `"${identity}"`).join(', ');
      throw new AggregateError(
        failures.map(({ error }) => error),
        `Still there: ${names}`,
      );
    });
  }

  respawn(
    identity: string,
    { initialMessage }: { readonly initialMessage?: string } = {},
  ): Promise<MemberSnapshot> {
    return this.#crew.command('respawn', () => respawnMember(this.#crew, identity, initialMessage));
  }

  resetMember(identity: string): Promise<MemberSnapshot> {
    return this.#crew.command('resetMember', () => resetMember(this.#crew, identity));
  }

  /** Part of a command: answers who is still there, and why. */
  retireEverybody(): Promise<readonly RetireFailure[]> {
    return this.#retire([...this.#crew.members.values()]);
  }

  cancelTurn(identity: string): Promise<void> {
    return this.#crew.command('cancelTurn', async () => this.#crew.expectMember(identity).cancelTurn());
  }

  async memberDetails(identity: string): Promise<MemberDetails | undefined> {
    return this.#crew.members.get(identity)?.details();
  }

  waitForKickoff(options: WaitOptions = {}): Promise<void> {
    return waitForKickoff(this.#crew, options);
  }

  waitForReady(options: WaitOptions = {}): Promise<void> {
    return waitForReady(this.#crew, options);
  }

  async runHelper(spec: HelperSpec): Promise<HelperResult> {
    this.#crew.states.expect('runHelper');
    checkHelper(spec);
    const { task: _, maxTextBytes: _bytes, ...given } = spec;
    const helper = { runtimeMode: 'turn_driven', ...given } as const;
    memberOf(await this.#request({ spec: helper, ensure: false, source: 'helper' }));
    try {
      return await doTask(this.#crew, spec);
    } finally {
      await this.retire(spec.identity);
    }
  }

  setSpawnPolicy(policy: SpawnPolicy): void {
    const [issue] = spawnPolicySchema.safeParse(policy).error?.issues ?? [];
    if (issue) throw new TypeError(`policy is none: ${issue.message}`);
    this.#policy = policy;
  }

  /**
   * Spawns whom a message from outside is for, when nobody has the identity and the policy gives it a profile.
   *
   * @throws MobError `MOB_NOT_ADDRESSABLE` when a member of that profile would not take it; as `spawn`.
   */
  async spawnByPolicy(identity: string): Promise<void> {
    const { context, members } = this.#crew;
    if (this.#policy.mode === 'none' || members.has(identity)) return;
    const { profile_map: profiles } = this.#policy;
    if (!Object.hasOwn(profiles, identity)) return;
    const profile = profiles[identity] as string;
    const found = effectiveProfile(context.definition, profile);
    if (found && found.external_addressable !== true) {
      throw notAddressable(identity, profile);
    }
    memberOf(await this.#request({ spec: { identity, profile }, ensure: true, source: 'policy' }));
  }

  /** Not async: whatever is asked for in one go is spawned in one go. */
  #request(request: SpawnRequest): Promise<SpawnAnswer> {
    try {
      this.#crew.states.expect('spawn');
    } catch (error) {
      return Promise.resolve({ error });
    }
    return this.#crew.commands.runJoined(request, this.#spawnJoined).catch((error: unknown) => ({ error }));
  }

  readonly #spawnJoined = async (requests: readonly SpawnRequest[]): Promise<readonly SpawnAnswer[]> => {
    this.#crew.states.expect('spawn');
    await this.#crew.settle();
    this.#crew.states.expect('spawn');
    return this.#spawn(requests);
  };

  #spawn(requests: readonly SpawnRequest[]): Promise<readonly SpawnAnswer[]> {
    return spawnMembers({ crew: this.#crew, unanswered: this.#unanswered }, requests);
  }

  #retire(members: readonly Member[]): Promise<readonly RetireFailure[]> {
    return retireMembers(this.#crew.context, members, ({ entry: { identity } }) => {
      this.#crew.members.delete(identity);
      this.#unanswered.forget(identity);
    });
  }
}

function memberOf(answer: SpawnAnswer): MemberSnapshot {
  if ('error' in answer) throw answer.error;
  return answer.member;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new MobError('MOB_BOOTSTRAP_FAILED', String(error));
}
