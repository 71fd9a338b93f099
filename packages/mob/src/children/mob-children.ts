import { type ErrorHook, errorText } from '@mobkit/core';
import type { AgentEventListener, AgentTool, MobDefinition, MobHandle } from '@mobkit/core/mob';

import type { Changes } from '../engine/changes.js';
import type { Ledger } from '../ledger/ledger.js';
import type { ChildMobRegistry } from './child-mobs.js';
import { delegateTool } from './delegate-tool.js';
import { DelegationEnder } from './delegation-ender.js';
import { mobTools, type MobToolsDeps } from './mob-tools.js';

export interface MobChildrenDeps {
  readonly registry: ChildMobRegistry;
  readonly mobId: string;
  readonly definition: MobDefinition;
  readonly ledger: Ledger;
  readonly changes: Changes;
  readonly onAgentEvent: AgentEventListener | undefined;
  readonly onError: ErrorHook;
}

/** The mobs that members of one mob made: they are open as long as it is. */
export class MobChildren {
  readonly #deps: MobChildrenDeps;
  #mob: MobHandle | undefined;
  #ender: DelegationEnder | undefined;

  constructor(deps: MobChildrenDeps) {
    this.#deps = deps;
  }

  /** The tools of members that may make mobs. */
  tools(mob: () => MobHandle, modelOf: (identity: string) => string): readonly AgentTool[] {
    const { registry, definition, ledger } = this.#deps;
    const deps: MobToolsDeps = {
      definition,
      children: registry,
      listeners: this.#listeners,
      mob,
      record: (item) => ledger.append({ items: [item] }),
    };
    return [...mobTools(deps), delegateTool({ ...deps, modelOf })];
  }

  /** Opens them again, and answers what went wrong with single ones. @throws what the storage throws. */
  async open(mob: MobHandle): Promise<readonly string[]> {
    const { registry, mobId } = this.#deps;
    this.#mob = mob;
    registry.enter(mob);
    const warnings = await registry.restore(mobId, this.#listeners);
    this.#endDelegations(mob);
    return warnings;
  }

  /** Shuts them down. Never rejects; answers what went wrong. */
  async shutDown(deadlineMs: number): Promise<readonly string[]> {
    const { registry, mobId } = this.#deps;
    // Those that are open are of another mob of this id, if this one never opened them.
    if (!this.#mob) return [];
    await this.#ender?.close();
    const errors = await registry.shutDownOf(mobId, deadlineMs);
    this.leave();
    return errors;
  }

  /** Destroys them. @throws AggregateError of what kept single ones; calling it again goes on. */
  async destroy(): Promise<void> {
    await this.#ender?.close();
    try {
      await this.#deps.registry.destroyOf(this.#deps.mobId);
    } finally {
      // The mob is there until it says that it is being destroyed, which may fail.
      if (this.#mob) this.#endDelegations(this.#mob);
    }
  }

  /** Nobody finds the mob any more. */
  leave(): void {
    if (this.#mob) this.#deps.registry.leave(this.#mob);
  }

  #endDelegations(mob: MobHandle): void {
    const { registry, changes, onError } = this.#deps;
    const onFailure = (error: unknown) =>
      onError({ category: 'store_failure', error: `helpers that nobody needs stay: ${errorText(error)}` });
    this.#ender = new DelegationEnder({ mob, children: registry, changes, onFailure });
  }

  get #listeners() {
    const { onAgentEvent, onError } = this.#deps;
    return { onAgentEvent, onError };
  }
}
