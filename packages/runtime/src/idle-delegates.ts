import { type Clock, type ErrorHook, errorText } from '@mobkit/core';
import type {
  AgentEventEnvelope,
  ChildMobs,
  MemberSnapshot,
  MobEventKind,
  MobHandle,
} from '@mobkit/core/mob';

/** Whether members that agents made, and that have nothing to do, are retired. */
export interface DelegateSettings {
  /**
   * How long such a member may be idle without a break, in milliseconds. Absent: for ever, but for those whose label
   * `implicit_delegate_idle_retire_secs` says otherwise.
   */
  readonly idleRetireMs?: number;
}

/** Of a member: whole seconds, or `disabled`. */
const LABEL = 'implicit_delegate_idle_retire_secs';

const LONGEST_SECONDS = 10 * 365 * 86_400;

export interface IdleDelegatesDeps {
  readonly mob: MobHandle;
  readonly childMobs: ChildMobs | undefined;
  readonly settings: DelegateSettings;
  readonly clock: Clock;
  readonly onError: ErrorHook;
}

interface Watched {
  readonly mobId: string;
  readonly identity: string;
  readonly generation: number;
  readonly idleMs: number;
  cancel: () => void;
}

/**
 * Retires members of mobs that agents made when they have been idle for long, and members of the mob itself that carry the label.
 * One that works, or has begun to again, is never retired; a start begins all anew.
 */
export class IdleDelegates {
  readonly #deps: IdleDelegatesDeps;
  readonly #watched = new Map<string, Watched>();
  /** Who is in a run, also before it is watched: news of a member may come after its first run has begun. */
  readonly #working = new Set<string>();
  readonly #retiring = new Set<Promise<void>>();
  #unsubscribe = () => {};
  #on = false;

  constructor(deps: IdleDelegatesDeps) {
    this.#deps = deps;
  }

  begin(): void {
    const { mob, childMobs } = this.#deps;
    this.#on = true;
    const watchAll = (handle: MobHandle) => {
      for (const member of handle.members()) this.#watch(handle.mobId, member);
    };
    watchAll(mob);
    const watchChildren = () => {
      for (const child of childMobs?.handles().values() ?? []) watchAll(child);
    };
    watchChildren();
    this.#unsubscribe = childMobs?.onChange(watchChildren) ?? this.#unsubscribe;
  }

  /** Resolves when no retirement is under way any more. Safe to call twice, and before `begin`. */
  async stop(): Promise<void> {
    this.#on = false;
    this.#unsubscribe();
    for (const watched of this.#watched.values()) watched.cancel();
    this.#watched.clear();
    await Promise.all(this.#retiring);
  }

  onAgentEvent({ mobId, source, payload }: AgentEventEnvelope): void {
    const { identity, generation } = source;
    const began = payload.type === 'run_started';
    if (!began && payload.type !== 'run_completed' && payload.type !== 'run_failed') return;
    const work = keyOf(mobId, identity, generation);
    if (began) this.#working.add(work);
    else this.#working.delete(work);
    const watched = this.#watched.get(keyOf(mobId, identity));
    if (watched?.generation !== generation) return;
    if (began) watched.cancel();
    else this.#rest(watched);
  }

  onStructuralEvent({
    mobId,
    data,
  }: {
    readonly mobId: string;
    readonly data: { readonly type: string };
  }): void {
    if (data.type !== 'member_spawned' && data.type !== 'member_reset') return;
    const { agent_identity: identity } = data as Extract<MobEventKind, { type: 'member_spawned' }>;
    const member = this.#handle(mobId)?.member(identity);
    if (member) this.#watch(mobId, member);
  }

  #watch(mobId: string, { identity, generation, labels }: MemberSnapshot): void {
    const key = keyOf(mobId, identity);
    const before = this.#watched.get(key);
    if (!this.#on || before?.generation === generation) return;
    before?.cancel();
    this.#watched.delete(key);
    const idleMs = this.#idleMsOf(mobId, labels[LABEL]);
    if (idleMs === undefined) return;
    const watched: Watched = { mobId, identity, generation, idleMs, cancel: () => {} };
    this.#watched.set(key, watched);
    this.#rest(watched);
  }

  /** Undefined: for ever. */
  #idleMsOf(mobId: string, label: string | undefined): number | undefined {
    const { mob, settings } = this.#deps;
    if (label === 'disabled') return undefined;
    if (label === undefined) return mobId === mob.mobId ? undefined : settings.idleRetireMs;
    const seconds = /^\d+$/.test(label) ? Number(label) : Number.NaN;
    return seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds * 1_000 : settings.idleRetireMs;
  }

  #rest(watched: Watched): void {
    const { mobId, identity, generation } = watched;
    watched.cancel();
    if (this.#working.has(keyOf(mobId, identity, generation))) return;
    watched.cancel = this.#deps.clock.after(watched.idleMs, () => this.#retire(watched), {
      background: true,
    });
  }

  #retire(watched: Watched): void {
    const { mobId, identity, generation } = watched;
    const handle = this.#handle(mobId);
    const member = handle?.member(identity);
    if (!handle || member?.generation !== generation || member.status !== 'active') {
      this.#watched.delete(keyOf(mobId, identity));
      return;
    }
    const retiring = handle.retire(identity).then(
      () => void this.#watched.delete(keyOf(mobId, identity)),
      (error: unknown) => {
        if (!this.#on) return;
        const text = `${identity} of ${mobId} is idle and could not be retired: ${errorText(error)}`;
        this.#deps.onError({ category: 'retire_failure', memberId: identity, error: text });
        this.#rest(watched);
      },
    );
    this.#retiring.add(retiring);
    void retiring.then(() => this.#retiring.delete(retiring));
  }

  #handle(mobId: string): MobHandle | undefined {
    const { mob, childMobs } = this.#deps;
    return mobId === mob.mobId ? mob : childMobs?.handles().get(mobId);
  }
}

function keyOf(...parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}
