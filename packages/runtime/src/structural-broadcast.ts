import type { Clock, ErrorHook, PersistentMetadataStore } from '@mobkit/core';
import type { ChildMobs, MobEvent, MobHandle } from '@mobkit/core/mob';

import type { CallbackGuard } from './callback-guard.js';
import { projectGap, projectStructural } from './project-structural.js';
import type { StructuralEvent } from './structural-event.js';
import { StructuralFeed } from './structural-feed.js';
import { SubscriptionCursors } from './subscription-cursors.js';

export type StructuralListener = (event: StructuralEvent) => void;

export interface StructuralBroadcastDeps {
  readonly mob: MobHandle;
  readonly childMobs?: ChildMobs | undefined;
  /** Whether the mob was there before this start. */
  readonly resumed: boolean;
  readonly metadata: PersistentMetadataStore;
  readonly guard: CallbackGuard;
  readonly onError: ErrorHook;
  readonly clock: Clock;
  /** Told of everything since the kept cursor; listeners that subscribe, of what is appended after the start. */
  readonly first: readonly StructuralListener[];
}

interface Place {
  /** The last event that was told before. */
  readonly cursor: number;
  /** Those who subscribe are told of what comes after it. */
  readonly since: number;
}

/**
 * Tells listeners the structural events of a mob and of those that its agents made, in the order of each ledger. It goes on
 * from the cursor that the runtime before it kept, at least once each; a mob whose events nobody was told of before is followed
 * from its beginning when it is new, and from its end when it is not.
 */
export class StructuralBroadcast {
  readonly #deps: StructuralBroadcastDeps;
  readonly #place: Place;
  readonly #cursors: SubscriptionCursors;
  readonly #listeners = new Set<StructuralListener>();
  readonly #followed = new Map<string, StructuralFeed>();
  /** Feeds of mobs that are gone, on their way to stop. */
  readonly #ending = new Set<Promise<void>>();
  #stopWatching = () => {};
  #stopped = false;

  /**
   * Finds out where to begin; nothing is told before `begin`.
   *
   * @throws what the ledger and the metadata throw when they cannot be read now.
   */
  static async prepare(deps: StructuralBroadcastDeps): Promise<StructuralBroadcast> {
    const { mob, metadata, resumed } = deps;
    const since = await mob.events.latestCursor();
    const kept = await metadata.subscriptionCursor(mob.mobId);
    return new StructuralBroadcast(deps, { cursor: kept ?? (resumed ? since : 0), since });
  }

  private constructor(deps: StructuralBroadcastDeps, place: Place) {
    this.#deps = deps;
    this.#place = place;
    this.#cursors = new SubscriptionCursors(deps);
  }

  /** Called once, when everything stands. */
  begin(): void {
    const { mob, childMobs } = this.#deps;
    this.#open(mob, async () => this.#place);
    if (!childMobs) return;
    for (const child of childMobs.handles().values()) {
      this.#open(child, async () => {
        const since = await child.events.latestCursor();
        return { cursor: (await this.#cursors.read(child.mobId)) ?? 0, since };
      });
    }
    this.#stopWatching = childMobs.onChange(() => this.#watchChildren(childMobs));
  }

  subscribe(listener: StructuralListener): () => void {
    const own: StructuralListener = (event) => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Resolves when everything that is in the ledgers now was told, or by `signal`. Never rejects. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    await Promise.allSettled([...this.#followed.values()].map((feed) => feed.caughtUp(signal)));
  }

  /** Resolves when nothing runs any more. Safe to call twice. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopWatching();
    await Promise.all([...this.#followed.values()].map((feed) => feed.stop()));
    await Promise.all(this.#ending);
    await this.#cursors.close();
  }

  #watchChildren(childMobs: ChildMobs): void {
    if (this.#stopped) return;
    const handles = childMobs.handles();
    for (const [mobId, mob] of handles) {
      // Made just now: whatever it does is new, unless there was a mob of that name.
      if (this.#followed.has(mobId)) continue;
      this.#open(mob, async () => ({ cursor: (await this.#cursors.read(mobId)) ?? 0, since: 0 }));
    }
    for (const [mobId, feed] of this.#followed) {
      if (mobId === this.#deps.mob.mobId || handles.has(mobId)) continue;
      this.#followed.delete(mobId);
      const ending = feed.stop().finally(() => void this.#ending.delete(ending));
      this.#ending.add(ending);
    }
  }

  #open({ mobId, events: ledger }: MobHandle, find: () => Promise<Place>): void {
    const { metadata, clock, onError } = this.#deps;
    let since = 0;
    const feed = new StructuralFeed({
      ledger,
      clock,
      onError,
      begin: async () => {
        const place = await find();
        ({ since } = place);
        return place.cursor;
      },
      onEvent: (event) => this.#tell(event, since),
      onGap: async (gap) => this.#show(await projectGap(mobId, gap, clock.now(), metadata), since),
    });
    this.#followed.set(mobId, feed);
  }

  async #tell(event: MobEvent, since: number): Promise<void> {
    for (const shown of await projectStructural([event], this.#deps.metadata)) this.#show(shown, since);
  }

  #show(event: StructuralEvent, since: number): void {
    // Labels may come long after we were stopped.
    if (this.#stopped) return;
    const { first, guard } = this.#deps;
    for (const listener of first) guard.run(() => listener(event));
    if (event.cursor > since) for (const listener of this.#listeners) guard.run(() => listener(event));
    this.#cursors.note(event.mobId, event.cursor);
  }
}
