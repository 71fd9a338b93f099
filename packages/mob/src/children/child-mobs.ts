import { type ErrorHook, errorText, MobError, type Storage } from '@mobkit/core';
import type {
  AgentEventListener,
  ChildMobs,
  MobHandle,
  OpenedMob,
  OpenMobOptions,
  WhenHeld,
} from '@mobkit/core/mob';

import { ledgerDefinition } from '../ledger/ledger-definition.js';
import { type ChildRecord, childrenDefinition, parseChild, toChildRecord } from './child-record.js';

export interface ChildMobsDeps {
  readonly storage: Storage;
  /** Opens a mob as any other. */
  readonly open: (options: OpenMobOptions) => Promise<OpenedMob>;
}

/** Who hears of what happens in a mob, and so in those that its members make. */
export interface ChildListeners {
  readonly onAgentEvent?: AgentEventListener | undefined;
  readonly onError: ErrorHook;
}

/** A mob that an agent made and that is open here. */
export interface OpenChild {
  readonly record: ChildRecord;
  readonly mob: MobHandle;
}

/**
 * The mobs that agents of one process made. Each is kept with who made it, so that it is open again when its parent is, and is
 * shut down and destroyed with it.
 */
export class ChildMobRegistry implements ChildMobs {
  readonly #deps: ChildMobsDeps;
  readonly #children = new Map<string, OpenChild>();
  readonly #mobs = new Map<string, MobHandle>();
  /** Being made or destroyed, so that nobody else does it at the same time. */
  readonly #busy = new Set<string>();
  readonly #listeners = new Set<() => void>();

  constructor(deps: ChildMobsDeps) {
    this.#deps = deps;
  }

  handles(): ReadonlyMap<string, MobHandle> {
    return new Map([...this.#children].map(([mobId, { mob }]) => [mobId, mob]));
  }

  onChange(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Takes note of a mob that is open here, whoever made it. */
  enter(mob: MobHandle): void {
    this.#mobs.set(mob.mobId, mob);
  }

  /** Nobody finds it any more. Does nothing to another mob that has its id by now. */
  leave(mob: MobHandle): void {
    if (this.#mobs.get(mob.mobId) === mob) this.#mobs.delete(mob.mobId);
  }

  /** Any mob that is open here. */
  find(mobId: string): MobHandle | undefined {
    return this.#mobs.get(mobId);
  }

  get(mobId: string): OpenChild | undefined {
    return this.#children.get(mobId);
  }

  /** Those whose owner is in this mob, by mob id. */
  of(parent: string): readonly OpenChild[] {
    return [...this.#children.values()].filter(({ record }) => record.owner.mobId === parent);
  }

  /**
   * Makes a mob and lets it work. It is kept first: after a crash in between it is made when its parent is open again.
   *
   * @throws MobError `MOB_CONFLICT` when there is or was a mob of that id; as `MobEngine.open`.
   */
  async create(record: ChildRecord, listeners: ChildListeners): Promise<MobHandle> {
    const { id: mobId } = record.definition;
    return this.#alone(mobId, async () => {
      await this.#expectNew(mobId);
      const records = this.#deps.storage.records(childrenDefinition);
      await records.put(mobId, toChildRecord(record), { expectedVersion: 0 });
      try {
        return await this.#open(record, listeners);
      } catch (error) {
        await records.delete(mobId);
        throw error;
      }
    });
  }

  /** Destroys a mob for good. @throws as `MobLifecycle.destroy`; calling it again goes on. */
  async destroy(mobId: string): Promise<void> {
    await this.#alone(mobId, async () => {
      const child = this.#children.get(mobId);
      if (!child) return;
      await this.destroyOf(mobId);
      if ((await child.mob.status()) !== 'Destroyed') await child.mob.destroy();
      await this.#deps.storage.records(childrenDefinition).delete(mobId);
      this.#children.delete(mobId);
      this.#tell();
    });
  }

  /** Destroys those whose owner is in this mob. @throws AggregateError of what kept single ones. */
  async destroyOf(parent: string): Promise<void> {
    const ends = await Promise.allSettled(
      this.of(parent).map(({ record }) => this.destroy(record.definition.id)),
    );
    const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
    if (errors.length > 0)
      throw new AggregateError(errors, `Mobs made in "${parent}" could not be destroyed`);
  }

  /** Opens those again whose owner is in this mob, and answers why some could not be. @throws what the storage throws. */
  async restore(parent: string, listeners: ChildListeners): Promise<readonly string[]> {
    const { storage } = this.#deps;
    await storage.prepare([childrenDefinition]);
    const warnings: string[] = [];
    for (const record of await this.#kept(parent)) {
      const { id } = record.definition;
      try {
        // Whoever has a mob has those that were made in it: their former owner is the one it lost its own to.
        if (!this.#children.has(id)) await this.#open(record, listeners, 'force');
      } catch (error) {
        warnings.push(
          `Mob "${id}", which "${record.owner.identity}" made, cannot be opened: ${errorText(error)}`,
        );
      }
    }
    return warnings;
  }

  /** Shuts those down whose owner is in this mob. Never rejects; answers what went wrong. */
  async shutDownOf(parent: string, deadlineMs: number): Promise<readonly string[]> {
    const reports = await Promise.all(
      this.of(parent).map(async ({ record, mob }) => {
        const { id } = record.definition;
        const { errors } = await mob.shutdown({ deadlineMs });
        this.#children.delete(id);
        return errors.map((error) => `Mob "${id}": ${error}`);
      }),
    );
    if (reports.length > 0) this.#tell();
    return reports.flat();
  }

  async #open(
    record: ChildRecord,
    { onAgentEvent, onError }: ChildListeners,
    whenHeld: WhenHeld = 'refuse',
  ): Promise<MobHandle> {
    const { definition } = record;
    const { mob } = await this.#deps.open({
      definition,
      whenHeld,
      onError,
      ...(onAgentEvent && { onAgentEvent }),
    });
    this.#children.set(definition.id, { record, mob });
    this.#tell();
    mob.start();
    return mob;
  }

  async #kept(parent: string): Promise<readonly ChildRecord[]> {
    const found: ChildRecord[] = [];
    const records = this.#deps.storage.records(childrenDefinition);
    for (let afterKey = '', more = true; more;) {
      const page = await records.list({ where: { parent }, afterKey });
      found.push(...page.records.map(parseChild));
      afterKey = page.records.at(-1)?.key ?? afterKey;
      ({ more } = page);
    }
    return found;
  }

  async #expectNew(mobId: string): Promise<void> {
    const { storage } = this.#deps;
    await storage.prepare([childrenDefinition, ledgerDefinition]);
    const kept = await storage.records(childrenDefinition).get(mobId);
    // Also one that no agent made: opening that would resume it, not make one. A destroyed one has an empty ledger.
    const { firstSeq, lastSeq } = await storage.log(ledgerDefinition, mobId).bounds();
    if (!kept && firstSeq > lastSeq) return;
    const message = `There is a mob "${mobId}" already: choose another id`;
    throw new MobError('MOB_CONFLICT', message, { details: { mobId } });
  }

  async #alone<T>(mobId: string, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(mobId)) {
      const message = `Mob "${mobId}" is being made or destroyed right now: try again`;
      throw new MobError('MOB_CONFLICT', message, { retryable: true, details: { mobId } });
    }
    this.#busy.add(mobId);
    try {
      return await work();
    } finally {
      this.#busy.delete(mobId);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
