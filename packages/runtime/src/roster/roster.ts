import { checkText, type ErrorHook, errorText } from '@mobkit/core';
import type { MemberSnapshot, MobHandle, SpawnMemberSpec, SpawnOutcome } from '@mobkit/core/mob';

import type { Admission } from '../admission.js';
import type { HookRunner } from '../hooks.js';
import type { HeldShape } from '../shape/held-shape.js';
import type { RuntimeRoster } from './runtime-roster.js';

export interface RosterDeps {
  readonly mob: MobHandle;
  readonly held: HeldShape;
  readonly hooks: HookRunner;
  readonly admission: Admission;
  readonly onError: ErrorHook;
}

export class Roster implements RuntimeRoster {
  readonly #deps: RosterDeps;
  /** Calls of `ensureByLabel` under way. */
  readonly #ensuring = new Map<string, Promise<MemberSnapshot>>();

  constructor(deps: RosterDeps) {
    this.#deps = deps;
  }

  list(): readonly MemberSnapshot[] {
    return this.#deps.mob.members();
  }

  get(identity: string): MemberSnapshot | undefined {
    return this.#deps.mob.member(identity);
  }

  find(label: string, value: string): readonly MemberSnapshot[] {
    return this.list().filter(({ labels }) => Object.hasOwn(labels, label) && labels[label] === value);
  }

  async spawn(spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    const { mob, admission } = this.#deps;
    admission.expect('spawn a member');
    try {
      const member = await mob.spawn(spec);
      await this.#welcome([member.identity]);
      return member;
    } catch (error) {
      this.#tellFailure(spec, error);
      throw error;
    }
  }

  async spawnMany(specs: readonly SpawnMemberSpec[]): Promise<readonly SpawnOutcome[]> {
    const { mob, admission } = this.#deps;
    admission.expect('spawn members');
    try {
      const outcomes = await mob.spawnMany(specs);
      for (const [at, outcome] of outcomes.entries()) {
        const spec = specs[at];
        if (spec && 'error' in outcome) this.#tellFailure(spec, outcome.error);
      }
      await this.#welcome(outcomes.filter((outcome) => 'member' in outcome).map(({ identity }) => identity));
      return outcomes;
    } catch (error) {
      for (const spec of specs) this.#tellFailure(spec, error);
      throw error;
    }
  }

  async ensure(spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    const { mob, admission, held } = this.#deps;
    admission.expect('ensure a member');
    const there = mob.member(spec.identity);
    try {
      const member = await mob.ensure(spec);
      if (there?.fenceToken === member.fenceToken) held.hold([member.identity]);
      else await this.#welcome([member.identity]);
      return member;
    } catch (error) {
      this.#tellFailure(spec, error);
      throw error;
    }
  }

  async ensureByLabel(label: string, value: string, spec: SpawnMemberSpec): Promise<MemberSnapshot> {
    this.#deps.admission.expect('ensure a member');
    checkText('label', label);
    checkText('value', value);
    const key = JSON.stringify([label, value]);
    const under = this.#ensuring.get(key);
    // Whatever became of that one: this caller has a spec of its own to try.
    if (under) return under.catch(() => this.ensureByLabel(label, value, spec));
    const [found] = this.find(label, value);
    if (found) return found;
    const ensuring = this.ensure({ ...spec, labels: { ...spec.labels, [label]: value } });
    this.#ensuring.set(key, ensuring);
    try {
      return await ensuring;
    } finally {
      this.#ensuring.delete(key);
    }
  }

  async retire(identity: string): Promise<void> {
    const { mob, admission, held } = this.#deps;
    admission.expect('retire a member');
    held.letGo(identity);
    await mob.retire(identity);
  }

  async respawn(identity: string, options?: { readonly initialMessage?: string }): Promise<MemberSnapshot> {
    this.#deps.admission.expect('respawn a member');
    return this.#deps.mob.respawn(identity, options);
  }

  async reset(identity: string): Promise<MemberSnapshot> {
    this.#deps.admission.expect('reset a member');
    return this.#deps.mob.resetMember(identity);
  }

  async wire(a: string, b: string): Promise<void> {
    this.#deps.admission.expect('wire members');
    await this.#deps.mob.wire(a, b);
  }

  async unwire(a: string, b: string): Promise<void> {
    const { mob, admission, held } = this.#deps;
    admission.expect('unwire members');
    held.letGoEdge(a, b);
    await mob.unwire(a, b);
  }

  async cancel(identity: string): Promise<void> {
    this.#deps.admission.expect('cancel a turn');
    await this.#deps.mob.cancelTurn(identity);
  }

  async #welcome(identities: readonly string[]): Promise<void> {
    this.#deps.held.hold(identities);
    await this.#deps.hooks.postSpawn(identities);
  }

  #tellFailure({ identity: memberId, profile }: SpawnMemberSpec, error: unknown): void {
    this.#deps.onError({ category: 'spawn_failure', memberId, profile, error: errorText(error) });
  }
}
