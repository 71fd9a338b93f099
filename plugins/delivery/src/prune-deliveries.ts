import {
  isMobError,
  type RecordsDefinition,
  type RecordStore,
  type Storage,
  type StoredRecord,
  type Where,
} from '@mobkit/core';

import { keyBefore } from './delivery-records.js';
import type { DeliveryTables } from './delivery-tables.js';

/** Records of one look and of one commit: payloads may be large. */
const BATCH = 64;

/** What is pending is kept however old it is. */
const SETTLED: Where = { status: ['sent', 'failed', 'unknown'] };

export interface Retention {
  /** Settled deliveries that are older go. */
  readonly retentionMs: number;
  /** Of settled ones, so many of the newest stay. */
  readonly maxRecords: number;
}

interface PruneDeps extends Retention {
  readonly storage: Storage;
  readonly tables: DeliveryTables;
}

/** Removes what need not be kept any longer: old deliveries, keys whose time is over, limits that are not used up. */
export async function pruneDeliveries(
  { storage, tables, retentionMs, maxRecords }: PruneDeps,
  { owner, nowMs, signal }: { readonly owner: string; readonly nowMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { deliveries } = tables;
  const before = keyBefore(nowMs - retentionMs);
  await removeFrom(storage, deliveries, before, signal);
  const oldest = await lastKept(storage.records(deliveries), maxRecords, signal);
  if (oldest !== undefined) await removeFrom(storage, deliveries, oldest, signal);
  for (const definition of [tables.keys, tables.limits]) {
    for (let more = true; more && !signal.aborted;) {
      const { records } = await storage
        .records(definition)
        .claimDue({ owner, leaseMs: 60_000, limit: BATCH });
      await remove(storage, definition, records);
      more = records.length === BATCH;
    }
  }
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
async function removeFrom(
  storage: Storage,
  deliveries: RecordsDefinition,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  for (let afterKey = key; !signal.aborted;) {
    const page = await storage.records(deliveries).list({ where: SETTLED, limit: BATCH, afterKey });
    await remove(storage, deliveries, page.records);
    const last = page.records.at(-1);
    if (!page.more || !last) return;
    afterKey = last.key;
  }
}

/** Together; when somebody has changed one of them meanwhile, one by one, but for that one. */
async function remove(
  storage: Storage,
  definition: RecordsDefinition,
  records: readonly StoredRecord[],
): Promise<void> {
  if (records.length === 0) return;
  const deletes = records.map(({ key, version }) => ({ records: definition, key, expectedVersion: version }));
  try {
    await storage.commit({ deletes });
  } catch (error) {
    if (!isMobError(error, 'MOB_CONFLICT')) throw error;
    for (const { key, expectedVersion } of deletes) {
      await storage
        .records(definition)
        .delete(key, { expectedVersion })
        .catch((changed: unknown) => {
          if (!isMobError(changed, 'MOB_CONFLICT')) throw changed;
        });
    }
  }
}
