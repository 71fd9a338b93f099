import type { JsonValue, NewRecord, StoredRecord } from '@mobkit/core';
import type { Resolution } from '@mobkit/core/ops';

import { sha256 } from './sha256.js';

/** What a key stands for. */
export interface KeyHolder {
  readonly deliveryId: string;
  readonly payloadHash: string;
  readonly expiresAtMs: number;
}

/** A key counts for one recipient, channel and sink, however often they are resolved. */
export function keyRecordOf({ recipient, channel, sink }: Resolution, idempotencyKey: string): string {
  return sha256([recipient, channel, sink, idempotencyKey]);
}

export function payloadHashOf(payload: JsonValue): string {
  return sha256(payload);
}

export function toKeyRecord(holder: KeyHolder): NewRecord {
  return { data: JSON.stringify(holder), dueAtMs: holder.expiresAtMs };
}

/** Undefined when the key is free, or free again. */
export function holderIn(stored: StoredRecord | undefined, nowMs: number): KeyHolder | undefined {
  if (!stored) return undefined;
  const holder = JSON.parse(stored.data) as KeyHolder;
  return holder.expiresAtMs > nowMs ? holder : undefined;
}
