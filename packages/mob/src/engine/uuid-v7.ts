import { randomFillSync } from 'node:crypto';

/** Of one id, behind its time; two digits a byte. */
const RANDOM_BYTES = 10;
const RANDOM_DIGITS = 2 * RANDOM_BYTES;

/** Asking for random bytes and writing them as text cost far more than using them, and every event has an id: it is done for many at once. */
const pool = Buffer.alloc(256 * RANDOM_BYTES);
let digits = '';
let used = 0;

/** How ids of the last time begin. */
let start = '';
let startMs: number | undefined;

/** A UUID that begins with a time, so that those of one millisecond stand together in an index; within it they have no order. */
export function uuidV7(timestampMs: number): string {
  if (used === digits.length) draw();
  if (timestampMs !== startMs) begin(timestampMs);
  const at = used;
  used += RANDOM_DIGITS;
  // The first of the digits gave its place to the version.
  return `${start}${digits.slice(at + 1, at + 4)}-${digits.slice(at + 4, at + 8)}-${digits.slice(at + 8, used)}`;
}

function draw(): void {
  randomFillSync(pool);
  for (let at = 2; at < pool.length; at += RANDOM_BYTES) pool[at] = (pool[at]! & 0x3f) | 0x80;
  digits = pool.toString('hex');
  used = 0;
}

function begin(timestampMs: number): void {
  const time = timestampMs.toString(16).padStart(12, '0');
  start = `${time.slice(0, 8)}-${time.slice(8)}-7`;
  startMs = timestampMs;
}
