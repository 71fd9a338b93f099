import { terminalLine } from '../cli/terminal-text.js';
import type { DurabilityCard, SlotDurability } from './durability-card.js';

/** What is told of a card at a start, in one line: only that all is durable, or what is not. */
export function durabilityLine(card: DurabilityCard): string {
  const volatile = card.filter(({ durability }) => durability !== 'durable');
  const keepers = [...new Set(card.flatMap(({ keptBy }) => keptBy ?? []))];
  if (volatile.length === 0) return `All that is kept is durable, in ${keepers.join(' and ')}`;
  return `Gone when this process ends: ${volatileLines(volatile).join('; ')}`;
}

/** One for each plugin that does not keep for longer than the process, with what that is. */
export function volatileLines(slots: readonly SlotDurability[]): readonly string[] {
  return [...new Set(slots.map(reasonOf))].map((reason) => {
    const of = slots.filter((slot) => reasonOf(slot) === reason);
    return `${listed(of.map(({ slot }) => shown(slot)))} (${reason})`;
  });
}

/** A slot as people read it. */
export function shown(slot: string): string {
  return slot.replaceAll('_', ' ');
}

function reasonOf({ plugin, keptBy, durability }: SlotDurability): string {
  if (keptBy !== undefined) return terminalLine(keptBy);
  const named = terminalLine(plugin);
  return durability === 'unknown'
    ? `${named} says it once it is open`
    : `${named} does not say that it keeps it anywhere`;
}

function listed(names: readonly string[]): string {
  return names.join(', ');
}
