const OFFSET_BASIS = 1469598103934665603n;
const PRIME = 1099511628211n;

/**
 * By how much a schedule is late on purpose, so that not all of them fire at once: the same for the same id, at most
 * `jitterMs`, and less than `baseMs`.
 */
export function jitterOf(scheduleId: string, jitterMs: number, baseMs: number): number {
  if (jitterMs === 0 || baseMs <= 1) return 0;
  return Number(hashOf(scheduleId) % BigInt(Math.min(jitterMs, baseMs - 1) + 1));
}

function hashOf(text: string): bigint {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  return hash;
}
