import { type Clock, isMobError, type MobError, type Storage } from '@mobkit/core';

import type { AcquiredLease } from './acquire-lease.js';
import {
  askedBy,
  type LeaseRecord,
  leasesDefinition,
  lostTo,
  newLease,
  parseLease,
  toLeaseData,
} from './lease-record.js';

const RENEWAL_MS = 2_000;

/** For a release that somebody who asks keeps getting in the way of. */
const RELEASE_ATTEMPTS = 5;

export interface MobLeaseDeps {
  readonly storage: Storage;
  readonly mobId: string;
  readonly engineId: string;
  readonly clock: Clock;
  /** Called once when somebody else has taken it. */
  readonly onLost: (error: MobError) => void;
  /** Called once when somebody asks for it: it is handed over by `release`. */
  readonly onAsked: (error: MobError) => void;
}

/** Says in a storage of several processes which engine runs a mob, from when it was acquired to `release`. */
export class MobLease {
  readonly #deps: MobLeaseDeps;
  #version: number;
  #record: LeaseRecord;
  #asked = false;
  #cancel = () => {};
  #released = false;
  #renewing: Promise<void> = Promise.resolve();

  constructor(deps: MobLeaseDeps, { version, record }: AcquiredLease) {
    this.#deps = deps;
    this.#version = version;
    this.#record = record;
    this.#schedule();
  }

  /**
   * Gives it back, if it is still ours, or to whoever asked for it. Never rejects: one that could not be given back runs
   * out.
   */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#cancel();
    await this.#renewing;
    for (let attempt = 0; attempt < RELEASE_ATTEMPTS; attempt += 1) {
      try {
        return await this.#giveBack();
      } catch (error) {
        // Only somebody who asks writes over a lease that is held.
        if (!isMobError(error, 'MOB_CONFLICT') || !(await this.#isOurs().catch(() => false))) return;
      }
    }
  }

  /** Who has taken it; undefined when it is ours, or nobody's. @throws what the storage throws. */
  async takenBy(): Promise<MobError | undefined> {
    const { storage, mobId, engineId } = this.#deps;
    const found = await storage.records(leasesDefinition).get(mobId);
    const holder = found && parseLease(found);
    return holder && holder.engine_id !== engineId ? lostTo(mobId, holder) : undefined;
  }

  async #giveBack(): Promise<void> {
    const { storage, mobId, clock } = this.#deps;
    const records = storage.records(leasesDefinition);
    const { asked_by: next } = this.#record;
    const options = { expectedVersion: this.#version };
    if (next) await records.put(mobId, toLeaseData(mobId, newLease(next, clock.now())), options);
    else await records.delete(mobId, options);
  }

  #schedule(): void {
    const renew = () => void (this.#renewing = this.#renew());
    this.#cancel = this.#deps.clock.after(RENEWAL_MS, renew, { background: true });
  }

  async #renew(): Promise<void> {
    try {
      // A second time at once when somebody has asked in between: it does not cost the owner a renewal.
      if (!(await this.#put()) && (await this.#isOurs())) await this.#put();
    } catch {
      // A storage that is away takes the lease from nobody: what we write is fenced.
    }
    const { asked_by: next } = this.#record;
    if (next && !this.#asked && !this.#released) {
      this.#asked = true;
      this.#deps.onAsked(askedBy(this.#deps.mobId, next));
    }
    if (!this.#released) this.#schedule();
  }

  /** False when it was not kept, as far as we know. */
  async #put(): Promise<boolean> {
    const { storage, mobId, clock } = this.#deps;
    const record = { ...this.#record, renewal: this.#record.renewal + 1, renewed_at_ms: clock.now() };
    try {
      const version = await storage
        .records(leasesDefinition)
        .put(mobId, toLeaseData(mobId, record), { expectedVersion: this.#version });
      this.#version = version;
      this.#record = record;
      return true;
    } catch {
      return false;
    }
  }

  /** Takes note of what is kept. @throws what the storage throws. */
  async #isOurs(): Promise<boolean> {
    const { storage, mobId, engineId, onLost } = this.#deps;
    const found = await storage.records(leasesDefinition).get(mobId);
    const kept = found && parseLease(found);
    if (kept && kept.engine_id !== engineId) {
      const told = this.#released;
      this.#released = true;
      if (!told) onLost(lostTo(mobId, kept));
      return false;
    }
    this.#version = found?.version ?? 0;
    if (kept) this.#record = kept;
    return true;
  }
}
