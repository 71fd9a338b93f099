import { setImmediate as nextTurn } from 'node:timers/promises';

/** Waits, turn by turn, for what real files bring about. The test's own time limit ends it. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await nextTurn();
}
