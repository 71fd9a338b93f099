import { setImmediate as nextTurn } from 'node:timers/promises';

const LONGEST_MS = 15_000;

/** Waits, turn by turn, for what real files bring about. Fails rather than to wait for ever. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const startedMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedMs > LONGEST_MS) throw new Error('It never came about');
    await nextTurn();
  }
}
