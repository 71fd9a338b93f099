import { isDeepStrictEqual } from 'node:util';

import type { JsonValue, NewRecord, StoredRecord } from '@mobkit/core';
import type { Resolution } from '@mobkit/core/ops';

import { recordName } from './record-name.js';

/** What a key stands for. */
export interface KeyHolder {
  readonly deliveryId: string;
  readonly expiresAtMs: number;
}

/** A key counts for one recipient, channel and sink, however often they are resolved. */
export function keyRecordOf({ recipient, channel, sink }: Resolution, idempotencyKey: string): string {
  return recordName(recipient, channel, sink, idempotencyKey);
}

/** Whether a payload is the one that is kept, whatever the order of its fields. */
export function samePayload(asked: JsonValue, kept: JsonValue): boolean {
  // As it would be kept: that knows no -0.
  return isDeepStrictEqual(JSON.parse(JSON.stringify(asked)), kept);
}

/** Never due: it goes with its delivery, which stays longer. */
export function toKeyRecord(holder: KeyHolder): NewRecord {
  return { data: JSON.stringify(holder) };
}

export function holderOf({ data }: Pick<StoredRecord, 'data'>): KeyHolder {
  return JSON.parse(data) as KeyHolder;
}

/** Undefined when the key is free, or free again. */
export function holderIn(stored: StoredRecord | undefined, nowMs: number): KeyHolder | undefined {
  if (!stored) return undefined;
  const holder = holderOf(stored);
  return holder.expiresAtMs > nowMs ? holder : undefined;
}
