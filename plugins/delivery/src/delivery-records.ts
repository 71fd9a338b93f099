import type { NewRecord, StoredRecord } from '@mobkit/core';
import type { DeliveryRecord } from '@mobkit/core/ops';

import type { KeptDelivery } from './attempts.js';

/** Milliseconds have 13 digits until the year 2286; then a hyphen and 4 digits, which count within one of them. */
const SORTED_DIGITS = 18;

const TURNED: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from({ length: 10 }, (_, digit) => [String(digit), String(9 - digit)]),
);

/** A delivery's key: its id with the digits that sort turned round, as records are listed by ascending key alone. */
export function keyOf(deliveryId: string): string {
  let sorted = '';
  for (const character of deliveryId.slice(0, SORTED_DIGITS)) sorted += TURNED[character] ?? character;
  return sorted + deliveryId.slice(SORTED_DIGITS);
}

/** The key before those of every delivery that was asked for before this time. */
export function keyBefore(nowMs: number): string {
  return keyOf(Math.max(nowMs, 0).toString().padStart(13, '0'));
}

export function toRecord(delivery: KeptDelivery, dueAtMs?: number): NewRecord {
  const { resolution, status } = delivery;
  return {
    fields: { recipient: resolution.recipient, sink: resolution.sink, status },
    data: JSON.stringify(delivery),
    ...(dueAtMs !== undefined && { dueAtMs }),
  };
}

export function keptIn({ data }: Pick<StoredRecord, 'data'>): KeptDelivery {
  return JSON.parse(data) as KeptDelivery;
}

/** As callers know it. */
export function shown(kept: KeptDelivery): DeliveryRecord {
  const { redrivenAfter: _, ...delivery } = kept;
  return delivery;
}
