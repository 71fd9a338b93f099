import { type Clock, delay, isMobError, MobError, type RecordsDefinition, type Storage } from '@mobkit/core';

/** Which engine runs which mob, by mob id. */
export const leasesDefinition = {
  kind: 'records',
  name: 'mob_leases',
  fields: { mob_id: 'text', owner: 'text' },
} as const satisfies RecordsDefinition;

/** An owner that was not heard of for so long is gone. */
const LEASE_MS = 6_000;
const RENEWAL_MS = 2_000;

/** After so long nobody watches whether the owner is still there: no two clocks differ by as much. */
const FORGOTTEN_MS = 10 * LEASE_MS;

interface LeaseRecord {
  readonly owner: string;
  readonly engine_id: string;
  /** Another at every renewal, so that who watches sees that the owner is there. */
  readonly renewal: number;
  readonly renewed_at_ms: number;
}

export interface MobLeaseDeps {
  readonly storage: Storage;
  readonly mobId: string;
  /** Shown to whoever is refused. */
  readonly owner: string;
  readonly engineId: string;
  readonly clock: Clock;
  /** Called once when somebody else has taken it. */
  readonly onLost: (error: MobError) => void;
}

/** Says in a storage of several processes which engine runs a mob, from `acquire` to `release`. */
export class MobLease {
  readonly #deps: MobLeaseDeps;
  #version: number;
  #record: LeaseRecord;
  #cancel = () => {};
  #released = false;
  #renewing: Promise<void> = Promise.resolve();

  /**
   * Takes the lease of a mob. One that nobody gave back is watched first, until its owner shows that it is there or has not
   * for `LEASE_MS`: clocks of several machines need not agree.
   *
   * @throws MobError `MOB_LEASE_HELD`, retryable, naming the owner; what the storage throws.
   */
  static async acquire(deps: MobLeaseDeps): Promise<MobLease> {
    const { storage, mobId, clock } = deps;
    const records = storage.records(leasesDefinition);
    const free = await expectFree(deps);
    const record = firstRecord(deps, clock.now());
    try {
      return new MobLease(
        deps,
        await records.put(mobId, toData(mobId, record), { expectedVersion: free }),
        record,
      );
    } catch (error) {
      const found = await records.get(mobId).catch(() => undefined);
      // The answer may have been lost after the write.
      if (found?.data === toData(mobId, record).data) return new MobLease(deps, found.version, record);
      if (!isMobError(error, 'MOB_CONFLICT') || !found) throw error;
      throw heldBy(mobId, parse(found.data));
    }
  }

  private constructor(deps: MobLeaseDeps, version: number, record: LeaseRecord) {
    this.#deps = deps;
    this.#version = version;
    this.#record = record;
    this.#schedule();
  }

  /** Gives it back, if it is still ours. Never rejects: one that could not be given back runs out. */
  async release(): Promise<void> {
    if (this.#released) return;
    this.#released = true;
    this.#cancel();
    await this.#renewing;
    const { storage, mobId } = this.#deps;
    await storage
      .records(leasesDefinition)
      .delete(mobId, { expectedVersion: this.#version })
      .catch(() => {});
  }

  #schedule(): void {
    const renew = () => void (this.#renewing = this.#renew());
    this.#cancel = this.#deps.clock.after(RENEWAL_MS, renew, { background: true });
  }

  async #renew(): Promise<void> {
    const { storage, mobId, clock, onLost } = this.#deps;
    const records = storage.records(leasesDefinition);
    const record = { ...this.#record, renewal: this.#record.renewal + 1, renewed_at_ms: clock.now() };
    try {
      this.#version = await records.put(mobId, toData(mobId, record), { expectedVersion: this.#version });
      this.#record = record;
    } catch {
      const found = await records.get(mobId).catch(() => undefined);
      // A storage that is away takes the lease from nobody: what we write is fenced by the ledger.
      if (found && parse(found.data).engine_id !== this.#deps.engineId) {
        this.#released = true;
        return onLost(lostTo(mobId, parse(found.data)));
      }
      if (found) {
        this.#version = found.version;
        this.#record = parse(found.data);
      }
    }
    if (!this.#released) this.#schedule();
  }
}

/** Answers the version to write over. @throws as `MobLease.acquire`. */
async function expectFree({ storage, mobId, clock }: MobLeaseDeps): Promise<number> {
  const records = storage.records(leasesDefinition);
  const first = await records.get(mobId);
  if (!first) return 0;
  const silentMs = clock.now() - parse(first.data).renewed_at_ms;
  if (silentMs > FORGOTTEN_MS) return first.version;
  for (let waitedMs = 0; waitedMs < LEASE_MS; waitedMs += RENEWAL_MS / 2) {
    await delay(clock, RENEWAL_MS / 2);
    const found = await records.get(mobId);
    if (!found) return 0;
    if (found.version !== first.version) throw heldBy(mobId, parse(found.data));
  }
  return first.version;
}

function firstRecord({ owner, engineId }: MobLeaseDeps, nowMs: number): LeaseRecord {
  return { owner, engine_id: engineId, renewal: 0, renewed_at_ms: nowMs };
}

function toData(mobId: string, record: LeaseRecord) {
  return { fields: { mob_id: mobId, owner: record.owner }, data: JSON.stringify(record) };
}

function parse(data: string): LeaseRecord {
  return JSON.parse(data);
}

function heldBy(mobId: string, { owner, engine_id: engineId }: LeaseRecord): MobError {
  const message = `Mob "${mobId}" is run by ${owner}: stop it there first, or try again when it has ended`;
  return new MobError('MOB_LEASE_HELD', message, { retryable: true, details: { mobId, owner, engineId } });
}

function lostTo(mobId: string, { owner, engine_id: engineId }: LeaseRecord): MobError {
  const message = `The lease of mob "${mobId}" was not renewed in time; ${owner} has taken it`;
  return new MobError('MOB_CONFLICT', message, { details: { mobId, owner, engineId } });
}
