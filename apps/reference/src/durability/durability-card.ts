import type { SlotClaim, Token } from '@mobkit/di';
import type { DurabilityBySlot } from '@mobkit/runtime';

import { keptSlots } from './kept-slots.js';

/** How long what is kept stays. `unknown`: only a store that is not open yet could say. */
export type Durability = 'durable' | 'process lifetime' | 'unknown';

/** Of one thing that is kept. */
export interface SlotDurability {
  readonly slot: string;
  readonly durability: Durability;
  /** The plugin that fills the slot. */
  readonly plugin: string;
  /** The plugin whose store keeps it, which may be the same; absent when nobody says. */
  readonly keptBy?: string;
}

/** What outlives the process and what does not, one line a slot that somebody fills. */
export type DurabilityCard = readonly SlotDurability[];

/**
 * The card of an app, from what those who fill the slots say of themselves.
 *
 * @param silent - what to call those who say nothing: `unknown` before the stores are open, and after it `process lifetime`,
 * since nobody promises more.
 */
export function durabilityCard(
  claims: readonly SlotClaim[],
  silent: Exclude<Durability, 'durable'>,
): DurabilityCard {
  const holderOf = (token: Token<unknown>) =>
    claims.findLast((claim) => claim.token === token && claim.plugin === claim.holder);
  return keptSlots.flatMap(({ name, token }): DurabilityCard => {
    const holder = holderOf(token);
    if (!holder) return [];
    const { plugin } = holder;
    const keeper = keeperOf(holder, holderOf);
    if (!keeper?.supports) return [{ slot: name, durability: silent, plugin }];
    const durability = keeper.supports.durable ? 'durable' : 'process lifetime';
    return [{ slot: name, durability, plugin, keptBy: keeper.plugin }];
  });
}

/** The same for machines, by slot. To be asked of a card that has nothing unknown in it. */
export function durabilityBySlot(card: DurabilityCard): DurabilityBySlot {
  const entries = card.map(
    ({ slot, durability }) => [slot, durability === 'durable' ? durability : 'process lifetime'] as const,
  );
  return Object.fromEntries(entries);
}

type HolderOf = (token: Token<unknown>) => SlotClaim | undefined;

/** Follows who keeps in what. Undefined when that leads to nobody, or in a circle. */
function keeperOf(holder: SlotClaim, holderOf: HolderOf): SlotClaim | undefined {
  const seen = new Set<SlotClaim>();
  let at: SlotClaim | undefined = holder;
  while (at && !at.supports && !seen.has(at)) {
    seen.add(at);
    at = at.keepsIn === undefined ? undefined : holderOf(at.keepsIn);
  }
  return at;
}
