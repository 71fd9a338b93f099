import { type Clock, type Storage, systemClock } from '@mobkit/core';
import type { Delivery, DeliverySink, Resolution } from '@mobkit/core/ops';

import { deliveryTables } from './delivery-tables.js';
import { DurableDelivery } from './durable-delivery.js';
import type { OutboxOptions } from './outbox/outbox-relay.js';

/** What `openDelivery` is given. It closes none of it. */
export interface DeliveryOptions {
  /** Keeps deliveries, idempotency keys and rate limits: the records `delivery_records`, `delivery_keys`, `delivery_limits`. */
  readonly storage: Storage;
  /**
   * Whose deliveries they are, such as the id of a mob: of those who share a storage one sends again what is of its own scope
   * alone, and keys and limits count in it alone. It ends the names of the records.
   *
   * @defaultValue shared with all that have none
   */
  readonly scope?: string;
  /** Asked at each attempt, so that sinks may come and go. Of several of one name the last is called. */
  readonly sinks: () => readonly DeliverySink[];
  /** Throws for a resolution that is not to be trusted: `Router.verify`. @defaultValue every resolution is taken as it is */
  readonly trust?: (resolution: Resolution) => Promise<void>;
  /** How long a sink may take for one message; then nobody knows what came of it. @defaultValue 30_000 */
  readonly sinkTimeoutMs?: number;
  /** How long `send` and `redrive` wait for the outcome. @defaultValue 10_000 */
  readonly answerWithinMs?: number;
  /** Pauses between attempts are doubled up to this. @defaultValue 300_000 */
  readonly longestBackoffMs?: number;
  /** For how long an idempotency key stands for its delivery. @defaultValue 24 hours */
  readonly idempotencyTtlMs?: number;
  /** How long settled deliveries are kept, at least as long as their keys, and refused requests of the outbox. @defaultValue 30 days */
  readonly retentionMs?: number;
  /**
   * How many settled deliveries are kept; at times a thousand more, and all that are younger than `idempotencyTtlMs`.
   *
   * @defaultValue 10_000
   */
  readonly maxRecords?: number;
  /** Hands over what was asked for in `delivery_outbox`, of this mob or of whichever has the store open. @defaultValue it stays there */
  readonly outbox?: OutboxOptions;
  /** @defaultValue `systemClock` */
  readonly clock?: Clock;
}

const HOUR_MS = 3_600_000;

const DEFAULTS = {
  sinkTimeoutMs: 30_000,
  answerWithinMs: 10_000,
  longestBackoffMs: 300_000,
  idempotencyTtlMs: 24 * HOUR_MS,
  retentionMs: 30 * 24 * HOUR_MS,
  maxRecords: 10_000,
} as const;

/**
 * Prepares the records and returns the delivery; `start` and `stop` it, there is nothing to close. Until it is started it
 * sends, and tries nothing again.
 *
 * - A delivery that a sink takes at once is two commits: one before the sink is called, one after.
 * - A limit counts for a recipient and a sink, however often they are resolved: so many at once, coming back evenly over a
 *   minute. What is refused or repeated counts for nothing.
 * - An attempt of a process that has ended is found at the start of the next one where the store is open in one process
 *   only, else when its sink should have answered 10 seconds ago. It is `unknown` then, and is made again only where the
 *   sink is `idempotent`.
 * - Several processes may work on one store; those of one scope see to each other's deliveries.
 * - A key is forgotten with its delivery, which is not pruned while the key counts.
 *
 * @throws MobError what the storage throws when it prepares the records; TypeError for a setting that is no whole number
 * from 1, and for a retention shorter than that of keys.
 */
export async function openDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { storage, sinks, trust = async () => {}, outbox, clock = systemClock } = options;
  const settings = settingsOf(options);
  const tables = deliveryTables(options.scope);
  await storage.prepare(Object.values(tables));
  return new DurableDelivery({
    storage,
    tables,
    sinks,
    trust,
    clock,
    ...(outbox && { outbox }),
    ...settings,
  });
}

type Settings = { readonly [name in keyof typeof DEFAULTS]: number };

function settingsOf(options: DeliveryOptions): Settings {
  const settings: Settings = Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, value]) => [name, options[name as keyof Settings] ?? value]),
  ) as Settings;
  for (const [name, value] of Object.entries(settings)) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw new TypeError(`${name} is not a whole number from 1: ${value}`);
    }
  }
  if (settings.retentionMs < settings.idempotencyTtlMs) {
    throw new TypeError('retentionMs is shorter than idempotencyTtlMs: a key would stand for what is gone');
  }
  return settings;
}
