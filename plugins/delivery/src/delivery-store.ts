import {
  backoffMs,
  type Clock,
  delay,
  isMobError,
  MobError,
  type PutWrite,
  type RecordStore,
  type Storage,
  type StoredRecord,
} from '@mobkit/core';
import type { DeliveryRequest, Resolution } from '@mobkit/core/ops';

import { begun, type KeptDelivery } from './attempts.js';
import { keptIn, keyOf, toRecord } from './delivery-records.js';
import type { DeliveryTables } from './delivery-tables.js';
import { holderIn, type KeyHolder, keyRecordOf, samePayload, toKeyRecord } from './idempotency.js';
import { Recent } from './recent.js';
import { type Bucket, take } from './token-bucket.js';

/** Others who send to the same recipient at the same moment make a commit conflict, and each such conflict is one that got through. */
const MOST_CONFLICTS = 50;

/** Recipients that are sent something again and again, at most. */
const MOST_LIMITS = 1_000;

/** Limits that are full are removed at these times. */
const REMOVED_EVERY_MS = 600_000;

/** A limit and the version under which it may be written. */
interface Limit {
  readonly bucket: Bucket;
  readonly version: number;
}

/** A delivery and the version under which it may be written. */
export interface Held {
  readonly delivery: KeptDelivery;
  readonly version: number;
}

interface DeliveryStoreDeps {
  readonly storage: Storage;
  readonly tables: DeliveryTables;
  readonly clock: Clock;
  readonly idempotencyTtlMs: number;
  /** How long an attempt may be under way before others may take it for lost. */
  readonly attemptMs: number;
  readonly trust: (resolution: Resolution) => Promise<void>;
}

/** Who a new delivery is. */
interface Fresh {
  readonly deliveryId: string;
  readonly mobId: string | undefined;
  /** Which limit it counts for. */
  readonly bucketKey: string;
}

/** What is kept of deliveries, and the writes that decide who may carry them. */
export class DeliveryStore {
  readonly #deps: DeliveryStoreDeps;
  readonly #deliveries: RecordStore;
  readonly #keys: RecordStore;
  readonly #limits: RecordStore;
  /** As this process left them: what others made of them since is found when they are written. */
  readonly #lastLimits = new Recent<Limit>(MOST_LIMITS);

  constructor(deps: DeliveryStoreDeps) {
    this.#deps = deps;
    const { storage, tables } = deps;
    this.#deliveries = storage.records(tables.deliveries);
    this.#keys = storage.records(tables.keys);
    this.#limits = storage.records(tables.limits);
  }

  async get(deliveryId: string): Promise<Held | undefined> {
    const found = await this.#deliveries.get(keyOf(deliveryId));
    return found && { delivery: keptIn(found), version: found.version };
  }

  /**
   * Begins a new delivery: its record with the first attempt, its key and its place within the limit, in one commit. Or
   * answers the one that the key of the request stands for.
   */
  async admit(asked: DeliveryRequest, fresh: Fresh): Promise<Held | { readonly repeated: KeptDelivery }> {
    const { resolution } = asked;
    const unread = await this.#admitUnread(asked, fresh);
    if (unread) return unread;
    let trusted = false;
    for (let conflicts = 0; ; conflicts++) {
      const [key, limit] = await Promise.all([this.#keyOf(asked), this.#limitOf(fresh.bucketKey)]);
      const repeated = await this.#repeated(asked, key);
      if (repeated) return { repeated };
      // Once: it stays what it was issued as.
      if (!trusted) await this.#deps.trust(resolution);
      trusted = true;
      const held = await this.#begin(asked, fresh, { key, limit, givesUp: conflicts === MOST_CONFLICTS });
      if (held) return held;
    }
  }

  /** Begins the next attempt of one that waits for it; undefined when somebody else has. */
  async beginNext({ delivery, version }: Held): Promise<Held | undefined> {
    const next = begun(delivery, this.#deps.clock.now());
    const written = await this.put(next, version);
    return written === undefined ? undefined : { delivery: next, version: written };
  }

  /**
   * Writes one over the version given, and answers the new one; undefined, and nothing is written, when somebody else was
   * faster.
   */
  async put(delivery: KeptDelivery, expectedVersion: number): Promise<number | undefined> {
    try {
      const { key, record } = this.#deliveryPut(delivery, expectedVersion);
      return await this.#deliveries.put(key, record, { expectedVersion });
    } catch (error) {
      if (isMobError(error, 'MOB_CONFLICT')) return undefined;
      throw error;
    }
  }

  /** Begins the first attempt after a dead letter was sent again. */
  async redrive({ delivery, version }: Held): Promise<Held> {
    const nowMs = this.#deps.clock.now();
    const next = begun({ ...delivery, redrivenAfter: delivery.attempts.length }, nowMs);
    const key = await this.#keyOf(delivery);
    const holder = holderIn(key, nowMs);
    if (holder && holder.deliveryId !== delivery.deliveryId) {
      const said = `Delivery ${delivery.deliveryId} was sent anew as ${holder.deliveryId}, under the same idempotency key`;
      throw new MobError('MOB_CONFLICT', said, { details: { deliveryId: holder.deliveryId } });
    }
    const puts = [this.#deliveryPut(next, version), ...this.#keyPut(next, key, nowMs)];
    const { versions } = await this.#deps.storage.commit({ puts });
    return { delivery: next, version: versions[0] ?? 0 };
  }

  /**
   * Keeps how an attempt ended, trying until others may take it for lost. Answers what is kept then: what others made of it
   * meanwhile counts, unless that was a guess.
   */
  async keepEnd(end: KeptDelivery, version: number, controller: AbortController): Promise<KeptDelivery> {
    const { clock, attemptMs } = this.#deps;
    const untilMs = clock.now() + attemptMs;
    let expected = version;
    for (let failures = 0; ;) {
      try {
        if ((await this.put(end, expected)) !== undefined) return end;
        const found = await this.get(end.deliveryId);
        // The answer of an earlier try may be what was lost: then what is kept is ours.
        if (found && JSON.stringify(found.delivery) === JSON.stringify(end)) return end;
        if (!found || !guessed(found.delivery, end)) return found?.delivery ?? end;
        expected = found.version;
      } catch (error) {
        const { signal } = controller;
        if (!isMobError(error) || !error.retryable || signal.aborted || clock.now() >= untilMs) throw error;
        await delay(clock, backoffMs(failures++), signal);
      }
    }
  }

  /**
   * Most keys are new and most limits as this process left them: then nothing need be read first, since the commit finds out
   * whether that is so. Undefined when it is not, or when that takes a look at what is kept.
   */
  async #admitUnread(asked: DeliveryRequest, fresh: Fresh): Promise<Held | undefined> {
    const limit = this.#lastLimits.get(fresh.bucketKey);
    if (!limit) return undefined;
    try {
      await this.#deps.trust(asked.resolution);
    } catch {
      // What was sent under its key already may be answered all the same.
      return undefined;
    }
    return this.#begin(asked, fresh, { key: undefined, limit, unread: true, givesUp: false });
  }

  async #begin(
    asked: DeliveryRequest,
    { deliveryId, mobId, bucketKey }: Fresh,
    found: {
      readonly key: StoredRecord | undefined;
      readonly limit: Limit | undefined;
      /** Of what is not as it was thought to be nothing is thrown. @defaultValue false */
      readonly unread?: boolean;
      readonly givesUp: boolean;
    },
  ): Promise<Held | undefined> {
    const nowMs = this.#deps.clock.now();
    const { resolution } = asked;
    const taken = take(found.limit?.bucket, resolution.rateLimitPerMinute, nowMs);
    if ('waitMs' in taken) {
      if (found.unread) return undefined;
      throw rateLimited(resolution, taken.waitMs);
    }
    const delivery = begun({ ...asked, deliveryId, ...(mobId !== undefined && { mobId }) }, nowMs);
    const { bucket, fullAtMs } = taken;
    const limit: PutWrite = {
      records: this.#deps.tables.limits,
      key: bucketKey,
      // Seldom another time: whatever is due stands in an index, which each message would change.
      record: {
        data: JSON.stringify(bucket),
        dueAtMs: Math.ceil(fullAtMs / REMOVED_EVERY_MS) * REMOVED_EVERY_MS,
      },
      expectedVersion: found.limit?.version ?? 0,
    };
    const puts = [this.#deliveryPut(delivery, 0), limit, ...this.#keyPut(delivery, found.key, nowMs)];
    this.#lastLimits.delete(bucketKey);
    try {
      const { versions } = await this.#deps.storage.commit({ puts });
      const [version = 0, limitVersion = 0] = versions;
      this.#lastLimits.set(bucketKey, { version: limitVersion, bucket });
      return { delivery, version };
    } catch (error) {
      // Its answer may be what was lost: then it has begun, and nobody else will carry it.
      const own = await this.get(deliveryId).catch(() => undefined);
      if (own) return own;
      if (!isMobError(error, 'MOB_CONFLICT') || found.givesUp) throw error;
      return undefined;
    }
  }

  /** What the key of a request stands for already; undefined when it is to be sent. */
  async #repeated(asked: DeliveryRequest, key: StoredRecord | undefined): Promise<KeptDelivery | undefined> {
    const holder = holderIn(key, this.#deps.clock.now());
    if (!holder) return undefined;
    const first = (await this.get(holder.deliveryId))?.delivery;
    if (!first) return undefined;
    if (!samePayload(asked.payload, first.payload)) {
      const { idempotencyKey, resolution } = asked;
      const said = 'idempotency_key replay payload does not match original request';
      const { recipient, channel, sink } = resolution;
      const details = { idempotencyKey, recipient, channel, sink, deliveryId: holder.deliveryId };
      throw new MobError('MOB_IDEMPOTENCY_MISMATCH', said, { details });
    }
    await this.#expectGenuine(asked.resolution, first.resolution);
    return first.status === 'failed' ? undefined : first;
  }

  /** One that was good when the first request came may have expired since, but may not be another. */
  async #expectGenuine(given: Resolution, first: Resolution): Promise<void> {
    try {
      await this.#deps.trust(given);
    } catch (error) {
      const expired = isMobError(error, 'MOB_ROUTE_UNTRUSTED') && error.details['reason'] === 'expired';
      if (!expired || given.routeId !== first.routeId) throw error;
    }
  }

  async #limitOf(bucketKey: string): Promise<Limit | undefined> {
    const stored = await this.#limits.get(bucketKey);
    return stored && { bucket: JSON.parse(stored.data) as Bucket, version: stored.version };
  }

  async #keyOf({ resolution, idempotencyKey }: DeliveryRequest): Promise<StoredRecord | undefined> {
    return idempotencyKey === undefined ? undefined : this.#keys.get(keyRecordOf(resolution, idempotencyKey));
  }

  #deliveryPut(delivery: KeptDelivery, expectedVersion: number): PutWrite {
    const { deliveryId } = delivery;
    const record = toRecord(delivery, this.#dueAtMs(delivery));
    return { records: this.#deps.tables.deliveries, key: keyOf(deliveryId), record, expectedVersion };
  }

  #keyPut(delivery: KeptDelivery, kept: StoredRecord | undefined, nowMs: number): PutWrite[] {
    const { deliveryId, resolution, idempotencyKey } = delivery;
    if (idempotencyKey === undefined) return [];
    const expiresAtMs = nowMs + this.#deps.idempotencyTtlMs;
    const holder: KeyHolder = { deliveryId, expiresAtMs };
    const key = keyRecordOf(resolution, idempotencyKey);
    const expectedVersion = kept?.version ?? 0;
    return [{ records: this.#deps.tables.keys, key, record: toKeyRecord(holder), expectedVersion }];
  }

  /** When somebody has to see to it. */
  #dueAtMs({ status, attempts, nextAttemptAtMs }: KeptDelivery): number | undefined {
    if (status !== 'pending') return undefined;
    return nextAttemptAtMs ?? (attempts.at(-1)?.startedAtMs ?? 0) + this.#deps.attemptMs;
  }
}

/** Whether what is kept of the attempt is no more than a guess about what `end` knows. */
function guessed(kept: KeptDelivery, end: KeptDelivery): boolean {
  if (kept.attempts.length !== end.attempts.length) return false;
  const [guess, known] = [kept.attempts.at(-1)?.status, end.attempts.at(-1)?.status];
  return guess === 'started' || (guess === 'unknown' && known !== 'unknown');
}

function rateLimited(
  { sink, recipient, rateLimitPerMinute: limit }: Resolution,
  retryAfterMs: number,
): MobError {
  const said = `rate limit exceeded for sink '${sink}': wait ${retryAfterMs} ms (limit=${limit})`;
  const details = { sink, recipient, limit, retryAfterMs };
  return new MobError('MOB_RATE_LIMITED', said, { retryable: true, details });
}
