import { randomFillSync } from 'node:crypto';

const UUID_BYTES = 16;

/** Asking for random bytes costs far more than using them, and every event has an id: they are drawn for many at once. */
const pool = Buffer.alloc(256 * UUID_BYTES);
let used = pool.length;

/** A UUID that begins with a time, so that those of one millisecond stand together in an index; within it they have no order. */
export function uuidV7(timestampMs: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, (used += UUID_BYTES));
  bytes.writeUIntBE(timestampMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
