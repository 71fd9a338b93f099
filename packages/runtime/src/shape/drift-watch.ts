import {
  backoffMs,
  type Clock,
  delay,
  type Discovery,
  type EdgeDiscovery,
  type ErrorHook,
  errorText,
} from '@mobkit/core';
import type { MobHandle } from '@mobkit/core/mob';

import type { CallbackGuard } from '../callback-guard.js';
import type { StructuralBroadcast } from '../structural-broadcast.js';
import type { DriftListeners } from './drift-listeners.js';
import type { HeldShape } from './held-shape.js';
import type { Shape } from './shape.js';

/** What belongs together is told within this time: a reset retires everybody before it says that it was one. */
const SETTLE_MS = 200;

/** A shape that cannot be had is tried again at least so often. */
const LONGEST_PAUSE_MS = 60_000;

/** Somebody may be gone. */
const TAKES_AWAY = new Set(['member_retired', 'members_unwired']);
/** Everybody is gone, on purpose. */
const EMPTIES = new Set(['mob_completed', 'mob_destroying']);

export interface DriftWatchDeps {
  readonly mob: MobHandle;
  readonly shape: Shape;
  readonly held: HeldShape;
  readonly listeners: DriftListeners;
  readonly broadcast: StructuralBroadcast;
  readonly guard: CallbackGuard;
  readonly discovery?: Discovery | undefined;
  readonly edgeDiscovery?: EdgeDiscovery | undefined;
  readonly mode: 'report' | 'converge';
  readonly onError: ErrorHook;
  readonly clock: Clock;
}

/**
 * Notices by the ledger when something we hold is gone, and by the sources when something else is desired; tells it, and brings it
 * back when it should.
 */
export class DriftWatch {
  readonly #deps: DriftWatchDeps;
  readonly #stopped = new AbortController();
  readonly #ends: (() => void)[] = [];
  #cancelCheck: (() => void) | undefined;
  #wanted = false;
  #converging: Promise<void> | undefined;
  /** Whether a wire waits for a member to come. */
  #skipped = false;

  constructor(deps: DriftWatchDeps) {
    this.#deps = deps;
  }

  begin(): void {
    const { broadcast, discovery, edgeDiscovery, mode, onError } = this.#deps;
    this.#ends.push(broadcast.subscribe(({ mobId, kind }) => this.#heard(mobId, kind)));
    const watcher = {
      onChange: () => this.#desiredChanged(),
      onError: (error: Error) => onError({ category: 'discovery_failure', error: errorText(error) }),
    };
    for (const source of [discovery, edgeDiscovery]) {
      if (source?.watch) this.#ends.push(source.watch(watcher));
    }
    if (mode === 'converge' && (discovery ?? edgeDiscovery)) this.#converge();
  }

  /** Resolves when nothing is brought about any more. Safe to call twice. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    // Sources are the host's: nobody listens to this promise yet while the mob stops.
    for (const end of this.#ends.splice(0)) this.#deps.guard.run(end);
    this.#cancelCheck?.();
    await this.#converging;
    await this.#deps.shape.settled();
  }

  #heard(mobId: string, kind: string): void {
    const { mob, held } = this.#deps;
    if (mobId !== mob.mobId) return;
    if (EMPTIES.has(kind)) held.clear();
    // Those who came since it was reset stay held: this may be heard late.
    else if (kind === 'mob_reset') held.takeMissing(mob);
    else if (TAKES_AWAY.has(kind)) this.#checkSoon();
    else if (kind === 'member_spawned' && this.#skipped) this.#converge();
  }

  #checkSoon(): void {
    const { clock } = this.#deps;
    this.#cancelCheck?.();
    this.#cancelCheck = clock.after(SETTLE_MS, () => void this.#check(), { background: true });
  }

  async #check(): Promise<void> {
    const { mob, shape, held, listeners, mode, onError } = this.#deps;
    // What is made now lets go of what it takes away.
    await shape.settled();
    if (this.#stopped.signal.aborted) return;
    const { members, edges } = held.takeMissing(mob);
    if (members.length + edges.length === 0) return;
    listeners.tell({ type: 'missing', members, edges });
    onError({ category: 'drift', members, edges });
    if (mode === 'converge') this.#converge();
  }

  #desiredChanged(): void {
    const { listeners, mode } = this.#deps;
    listeners.tell({ type: 'desired_changed' });
    if (mode === 'converge') this.#converge();
  }

  #converge(): void {
    if (this.#stopped.signal.aborted) return;
    this.#wanted = true;
    this.#converging ??= this.#run();
  }

  /** One reconcile for everything that drifted meanwhile. */
  async #run(): Promise<void> {
    const { clock } = this.#deps;
    const { signal } = this.#stopped;
    for (let failures = 0; this.#wanted && !signal.aborted;) {
      this.#wanted = false;
      if (await this.#reconciled()) {
        failures = 0;
        continue;
      }
      await delay(clock, backoffMs(failures, LONGEST_PAUSE_MS), signal, { background: true });
      failures += 1;
      this.#wanted = true;
    }
    // Here and not when the promise is settled: what is wanted in between would wait for the next drift.
    this.#converging = undefined;
  }

  /** Whether trying again could do no more. */
  async #reconciled(): Promise<boolean> {
    const { shape, onError } = this.#deps;
    try {
      const { mob, edges, routing } = await shape.converge();
      this.#skipped = edges.skippedMissingMembers.length > 0;
      return mob.failures.length + edges.failures.length + routing.failures.length === 0;
    } catch (error) {
      if (!this.#stopped.signal.aborted) onError({ category: 'discovery_failure', error: errorText(error) });
      return false;
    }
  }
}
