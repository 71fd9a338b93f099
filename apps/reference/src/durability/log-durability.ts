import type { Assembly } from '@mobkit/di';

import type { AppLog } from '../app-log.js';
import { durabilityBySlot, durabilityCard } from './durability-card.js';
import { durabilityLine } from './durability-lines.js';

/** Says in the log of an app that has started what outlives its process: one line, and a warning when not all does. */
export function logDurability(assembly: Assembly, log: AppLog): void {
  const card = durabilityCard(assembly.claims(), 'process lifetime');
  const durability = durabilityBySlot(card);
  const level = card.every((one) => one.durability === 'durable') ? 'info' : 'warn';
  log[level]({ durability }, durabilityLine(card));
}
