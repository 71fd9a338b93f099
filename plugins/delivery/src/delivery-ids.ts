import { randomBytes } from 'node:crypto';

/** How many ids one millisecond has room for; beyond it they are numbered on from the next one. */
const PER_MS = 10_000;

/**
 * Makes delivery ids: they sort by the time they were made, those of one maker strictly, and no two are the same, also of
 * makers in several processes.
 */
export function deliveryIds(): (nowMs: number) => string {
  // Once: what tells makers apart need not tell apart what one of them makes.
  const maker = randomBytes(8).toString('hex');
  let lastMs = 0;
  let count = 0;
  return (nowMs) => {
    if (nowMs > lastMs) [lastMs, count] = [nowMs, 0];
    else if (++count === PER_MS) [lastMs, count] = [lastMs + 1, 0];
    return `${lastMs.toString().padStart(13, '0')}-${count.toString().padStart(4, '0')}-${maker}`;
  };
}
