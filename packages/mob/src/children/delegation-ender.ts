import type { MobHandle } from '@mobkit/core/mob';

import type { Changes } from '../engine/changes.js';
import type { ChildMobRegistry } from './child-mobs.js';

export interface DelegationEnderDeps {
  readonly mob: MobHandle;
  readonly children: ChildMobRegistry;
  readonly changes: Changes;
  /** Told what could not be destroyed: it is tried again with the next change. Must not throw. */
  readonly onFailure: (error: unknown) => void;
}

/** Destroys the mobs of helpers whose owner's session has ended: at once, and whenever the roster changes. */
export class DelegationEnder {
  readonly #deps: DelegationEnderDeps;
  readonly #unlisten: () => void;
  #sweeping: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(deps: DelegationEnderDeps) {
    this.#deps = deps;
    this.#unlisten = deps.changes.listen(() => this.#look());
    this.#look();
  }

  /** Begins no other; resolves when the one under way is over. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unlisten();
    await this.#sweeping;
  }

  #look(): void {
    this.#again = true;
    this.#sweeping ??= this.#sweep();
  }

  async #sweep(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      // A change is told while it is made.
      await Promise.resolve();
      for (const mobId of this.#orphans()) {
        await this.#deps.children.destroy(mobId).catch(this.#deps.onFailure);
      }
    }
    this.#sweeping = undefined;
  }

  #orphans(): readonly string[] {
    const { mob, children } = this.#deps;
    const implicit = children.of(mob.mobId).filter(({ record }) => record.implicit);
    if (implicit.length === 0) return [];
    const sessions = new Set(mob.members().map(({ sessionId }) => sessionId));
    return implicit
      .filter(({ record }) => !sessions.has(record.owner.sessionId))
      .map(({ record }) => record.definition.id);
  }
}
