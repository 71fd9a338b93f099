import { MobError } from '@mobkit/core';
import type { MobPlugin } from '@mobkit/di';

import { type DurabilityCard, durabilityCard, type SlotDurability } from './durability-card.js';
import { volatileLines } from './durability-lines.js';

/**
 * @throws MobError `mobkit/not-durable` when something of a card is kept for the lifetime of the process only, with the slots
 * and the plugins that fill them in `details.slots`.
 */
export function expectDurable(card: DurabilityCard): void {
  const volatile = card.filter(({ durability }) => durability === 'process lifetime');
  if (volatile.length === 0) return;
  const lines = [
    'With --require-durable nothing is started whose memory ends with the process:',
    ...volatileLines(volatile).map((line) => `  ${line}`),
    'Take a durable store: none in the config (SQLite in the state directory), `--store postgres://…`, or a plugin whose',
    'card says `durable`. A part of your own says where it keeps what it has with `keepsIn` or `supports`.',
  ];
  throw new MobError('mobkit/not-durable', lines.join('\n'), { details: { slots: volatile.map(toDetails) } });
}

/**
 * Stops the start of an app once its store is open, and before anybody writes into it, when something would not outlive
 * the process. To be listed after the store, and before what uses it.
 */
export function durabilityCheck(): MobPlugin {
  return {
    name: 'durability-check',
    register: ({ lifecycle, claims }) =>
      lifecycle.add({
        name: 'durability-check',
        start: async () => expectDurable(durabilityCard(claims(), 'process lifetime')),
      }),
  };
}

function toDetails({ slot, plugin, keptBy }: SlotDurability): object {
  return { slot, plugin, ...(keptBy !== undefined && { kept_by: keptBy }) };
}
