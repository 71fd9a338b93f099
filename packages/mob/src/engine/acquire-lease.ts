import { type Clock, delay, isMobError, type MobError, type Storage, type StoredRecord } from '@mobkit/core';
import type { WhenHeld } from '@mobkit/core/mob';

import { fenceOut, oldFences } from './fence.js';
import {
  heldBy,
  type LeaseHolder,
  type LeaseRecord,
  leasesDefinition,
  newLease,
  parseLease,
  toLeaseData,
} from './lease-record.js';

/** An owner that was not heard of for so long is gone. */
const LEASE_MS = 6_000;

/** How often a lease that is held is looked at. Records have no push: somebody who waits asks at this pace. */
const WATCH_MS = 1_000;

/** After so long nobody watches whether the owner is still there: no two clocks differ by as much. */
const FORGOTTEN_MS = 10 * LEASE_MS;

export interface AcquireLeaseDeps {
  readonly storage: Storage;
  readonly mobId: string;
  /** Shown to whoever is refused. */
  readonly owner: string;
  readonly engineId: string;
  readonly clock: Clock;
  /** As `OpenMobOptions.whenHeld`. */
  readonly whenHeld?: WhenHeld | undefined;
  /** Told once of every owner that is waited for. */
  readonly onHeld?: ((error: MobError) => void) | undefined;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/** A lease that is ours, and the version of its record. */
export interface AcquiredLease {
  readonly version: number;
  readonly record: LeaseRecord;
}

/**
 * Takes the lease of a mob. One that nobody gave back is watched first, until its owner shows that it is there or has not
 * for `LEASE_MS`: clocks of several machines need not agree. From whom it is taken, is fenced out in the same commit.
 *
 * @throws MobError `MOB_LEASE_HELD`, retryable, naming the owner; the reason of `signal`; what the storage throws.
 */
export async function acquireLease(deps: AcquireLeaseDeps): Promise<AcquiredLease> {
  try {
    for (;;) {
      const taken = await take(deps, await awaitFree(deps));
      if (taken) return taken;
    }
  } catch (error) {
    if (deps.whenHeld === 'ask') await withdraw(deps).catch(() => {});
    throw error;
  }
}

/** Answers the record to write over; undefined when there is none. @throws as `acquireLease`. */
async function awaitFree(deps: AcquireLeaseDeps): Promise<StoredRecord | undefined> {
  const { mobId, engineId, clock, whenHeld = 'refuse', onHeld, signal } = deps;
  const waits = whenHeld === 'wait' || whenHeld === 'ask';
  let seen: LeaseRecord | undefined;
  let told: string | undefined;
  for (let silentMs = 0; ;) {
    signal?.throwIfAborted();
    const found = await look(deps, waits);
    if (found === 'gone') return undefined;
    if (found === 'unknown') {
      // Who cannot see whether the owner is there may not take it for dead.
      seen = undefined;
      silentMs = 0;
    } else {
      const record = parseLease(found);
      // The owner may have handed it to us.
      if (record.engine_id === engineId || whenHeld === 'force') return found;
      if (clock.now() - record.renewed_at_ms > FORGOTTEN_MS) return found;
      const heard = !seen || seen.renewal !== record.renewal || seen.engine_id !== record.engine_id;
      if (heard && seen && !waits) throw heldBy(mobId, record);
      silentMs = heard ? 0 : silentMs + WATCH_MS;
      if (silentMs >= LEASE_MS) return found;
      if (waits && told !== record.engine_id) {
        told = record.engine_id;
        onHeld?.(heldBy(mobId, record));
      }
      if (whenHeld === 'ask') await ask(deps, found, record);
      seen = record;
    }
    await delay(clock, WATCH_MS, signal);
  }
}

/** Somebody who waits outlasts a storage that is away. */
async function look(
  { storage, mobId }: AcquireLeaseDeps,
  waits: boolean,
): Promise<StoredRecord | 'gone' | 'unknown'> {
  try {
    return (await storage.records(leasesDefinition).get(mobId)) ?? 'gone';
  } catch (error) {
    if (waits && isMobError(error) && error.retryable) return 'unknown';
    throw error;
  }
}

/** Leaves in the lease that we want it: the owner finds that at its next renewal. */
async function ask(deps: AcquireLeaseDeps, { version }: StoredRecord, record: LeaseRecord): Promise<void> {
  const { storage, mobId, engineId } = deps;
  if (record.asked_by?.engine_id === engineId) return;
  const asked = toLeaseData(mobId, { ...record, asked_by: holderOf(deps) });
  await storage
    .records(leasesDefinition)
    .put(mobId, asked, { expectedVersion: version })
    .catch((error: unknown) => {
      // It was renewed meanwhile, or the storage is away: the next look asks again.
      if (!isMobError(error, 'MOB_CONFLICT') && !(isMobError(error) && error.retryable)) throw error;
    });
}

/** We do not want it any more: not what we asked for, and not what was handed to us. */
async function withdraw({ storage, mobId, engineId }: AcquireLeaseDeps): Promise<void> {
  const records = storage.records(leasesDefinition);
  const found = await records.get(mobId);
  if (!found) return;
  const { asked_by, ...record } = parseLease(found);
  const options = { expectedVersion: found.version };
  if (record.engine_id === engineId) await records.delete(mobId, options);
  else if (asked_by?.engine_id === engineId) await records.put(mobId, toLeaseData(mobId, record), options);
}

/** Undefined when somebody else was faster, and it is to be waited for. @throws as `acquireLease`. */
async function take(
  deps: AcquireLeaseDeps,
  free: StoredRecord | undefined,
): Promise<AcquiredLease | undefined> {
  const { storage, mobId, engineId, clock, whenHeld = 'refuse' } = deps;
  const record = newLease(holderOf(deps), clock.now());
  const kept = toLeaseData(mobId, record);
  const former = free && parseLease(free).engine_id;
  const fenced = former !== undefined && former !== engineId;
  const put = { records: leasesDefinition, key: mobId, record: kept, expectedVersion: free?.version ?? 0 };
  try {
    const { versions } = await storage.commit({
      puts: [put, ...(fenced ? [fenceOut(mobId, former)] : [])],
      ...(fenced && { deletes: await oldFences(storage, mobId) }),
    });
    return { version: versions[0]!, record };
  } catch (error) {
    const found = await storage
      .records(leasesDefinition)
      .get(mobId)
      .catch(() => undefined);
    // The answer may have been lost after the write.
    if (found?.data === kept.data) return { version: found.version, record };
    if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    if (found && whenHeld === 'refuse') throw heldBy(mobId, parseLease(found));
    return undefined;
  }
}

function holderOf({ owner, engineId }: AcquireLeaseDeps): LeaseHolder {
  return { owner, engine_id: engineId };
}
