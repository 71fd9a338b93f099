import { expect, it } from 'vitest';

import { planOccurrence } from './plan-occurrence.js';
import { triggerTimes } from './trigger-times.js';

const DAY_MS = 86_400_000;

it('[schedules.most-made-up] lets no more than the latest 256 happen that a window has, in order', () => {
  const times = triggerTimes({ type: 'interval', startAtMs: 0, everyMs: 1_000 }, 's');
  const happened: number[] = [];
  let misfires = 0;
  for (let dueAtMs = 0; dueAtMs <= DAY_MS;) {
    const plan = planOccurrence({ type: 'all', windowMs: 2 * DAY_MS }, times, dueAtMs, DAY_MS);
    if (plan.happens) happened.push(dueAtMs);
    else misfires += 1;
    dueAtMs = plan.nextDueAtMs ?? Infinity;
  }
  expect([misfires, happened.length, happened[0], happened.at(-1)]).toEqual([
    1,
    256,
    DAY_MS - 255_000,
    DAY_MS,
  ]);
});
