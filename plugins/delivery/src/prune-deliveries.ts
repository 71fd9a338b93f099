import {
  type DeleteWrite,
  isMobError,
  type RecordsDefinition,
  type RecordStore,
  type Storage,
  type StoredRecord,
  type Where,
} from '@mobkit/core';

import { keptIn, keyBefore } from './delivery-records.js';
import type { DeliveryTables } from './delivery-tables.js';
import { holderIn, holderOf, keyRecordOf } from './idempotency.js';

/** Records of one look and of one commit: payloads may be large. */
const BATCH = 64;

/** What is pending is kept however old it is. */
const SETTLED: Where = { status: ['sent', 'failed', 'unknown'] };

export interface Retention {
  /** Settled deliveries that are older go, unless their keys still count. */
  readonly retentionMs: number;
  /** Of settled ones, so many of the newest stay, and all that are as young as a key that counts. */
  readonly maxRecords: number;
}

interface PruneDeps extends Retention {
  readonly storage: Storage;
  readonly tables: DeliveryTables;
  readonly idempotencyTtlMs: number;
}

interface Round {
  /** Who asks, as leases show it. */
  readonly owner: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** Removes what need not be kept any longer: old deliveries with their keys, and limits that are not used up. */
export async function pruneDeliveries(deps: PruneDeps, round: Round): Promise<void> {
  const { storage, tables, retentionMs, maxRecords, idempotencyTtlMs } = deps;
  const { nowMs, signal } = round;
  await removeFrom(deps, keyBefore(nowMs - retentionMs), round);
  const oldest = await lastKept(storage.records(tables.deliveries), maxRecords, signal);
  if (oldest !== undefined) {
    const counting = keyBefore(nowMs - idempotencyTtlMs);
    await removeFrom(deps, oldest > counting ? oldest : counting, round);
  }
  await removeDue(deps, tables.limits, round);
  // Those of an earlier version are due when their time is over, and may have no delivery to go with.
  await removeDue(deps, tables.keys, round);
}

/** The key of the oldest that may stay; undefined when all may. */
async function lastKept(
  deliveries: RecordStore,
  maxRecords: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  let afterKey: string | undefined;
  for (let left = maxRecords; left > 0; left -= BATCH) {
    if (signal.aborted) return undefined;
    const page = await deliveries.list({
      where: SETTLED,
      limit: Math.min(left, BATCH),
      ...(afterKey !== undefined && { afterKey }),
    });
    if (!page.more) return undefined;
    afterKey = page.records.at(-1)?.key;
  }
  return afterKey;
}

/** Removes the settled ones behind a key: those that are older. */
async function removeFrom(deps: PruneDeps, key: string, { nowMs, signal }: Round): Promise<void> {
  const { storage, tables } = deps;
  for (let afterKey = key; !signal.aborted;) {
    const page = await storage.records(tables.deliveries).list({ where: SETTLED, limit: BATCH, afterKey });
    await remove(storage, await Promise.all(page.records.map((record) => withKey(deps, record, nowMs))));
    const last = page.records.at(-1);
    if (!page.more || !last) return;
    afterKey = last.key;
  }
}

/** What goes with a delivery: the key that stands for it, which keeps both as long as it counts. */
async function withKey(
  { storage, tables }: PruneDeps,
  record: StoredRecord,
  nowMs: number,
): Promise<readonly DeleteWrite[]> {
  const { deliveryId, resolution, idempotencyKey } = keptIn(record);
  const own = { records: tables.deliveries, key: record.key, expectedVersion: record.version };
  if (idempotencyKey === undefined) return [own];
  const key = keyRecordOf(resolution, idempotencyKey);
  const stored = await storage.records(tables.keys).get(key);
  if (!stored || holderOf(stored).deliveryId !== deliveryId) return [own];
  if (holderIn(stored, nowMs)) return [];
  return [own, { records: tables.keys, key, expectedVersion: stored.version }];
}

async function removeDue(
  { storage }: PruneDeps,
  records: RecordsDefinition,
  { owner, signal }: Round,
): Promise<void> {
  for (let more = true; more && !signal.aborted;) {
    const due = await storage.records(records).claimDue({ owner, leaseMs: 60_000, limit: BATCH });
    const removals = due.records.map(({ key, version }) => [{ records, key, expectedVersion: version }]);
    await remove(storage, removals);
    more = due.records.length === BATCH;
  }
}

/** Together; when somebody has changed one of them meanwhile, one by one, but for that one. */
async function remove(storage: Storage, removals: readonly (readonly DeleteWrite[])[]): Promise<void> {
  const deletes = removals.flat();
  if (deletes.length === 0) return;
  try {
    await storage.commit({ deletes });
  } catch (error) {
    if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    if (removals.length === 1) return;
    for (const removal of removals) await remove(storage, [removal]);
  }
}
