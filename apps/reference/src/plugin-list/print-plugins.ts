import type { SlotSupports } from '@mobkit/di';

import { terminalLine } from '../cli/terminal-text.js';
import type { Durability, DurabilityCard } from '../durability/durability-card.js';
import { shown, volatileLines } from '../durability/durability-lines.js';
import type { ListedPlugin, PluginSource } from './describe-plugins.js';

/** Prints plugins for people, one after the other, and below them how long everything is kept. */
export function printPlugins(plugins: readonly ListedPlugin[], card: DurabilityCard): void {
  for (const plugin of plugins) {
    console.log(terminalLine(`${plugin.name} (${sourceText(plugin.from)})`, 300));
    for (const about of linesOf(plugin)) console.log(`  ${terminalLine(about, 300)}`);
  }
  const durable = card.filter(({ durability }) => durability === 'durable').map(({ slot }) => shown(slot));
  const lines = [
    ...(durable.length > 0 ? [`durable: ${durable.join(', ')}`] : []),
    ...kept(card, 'process lifetime'),
    ...kept(card, 'unknown'),
  ];
  console.log(['', ...lines].join('\n'));
}

const HEADS: Readonly<Record<Exclude<Durability, 'durable'>, string>> = {
  'process lifetime': 'gone when the process ends: ',
  unknown: 'known once it is open: ',
};

function kept(card: DurabilityCard, durability: keyof typeof HEADS): readonly string[] {
  const lines = volatileLines(card.filter((one) => one.durability === durability));
  return lines.map((line) => `${HEADS[durability]}${line}`);
}

function linesOf({ holds, lost, adds, supports, keeps_in: keepsIn }: ListedPlugin): readonly string[] {
  return [
    ...(holds.length > 0 ? [`fills ${holds.join(', ')}`] : []),
    ...lost.map(({ slot, to }) => `lost ${slot} to ${to}`),
    ...(adds.length > 0 ? [`adds to ${adds.join(', ')}`] : []),
    ...(supports ? [`its store: ${supportsText(supports)}`] : []),
    ...(keepsIn ? [`keeps what it has in ${keepsIn.join(', ')}`] : []),
  ];
}

function sourceText(from: PluginSource): string {
  if (from.kind === 'app') return `mobkit ${from.version}`;
  if (from.kind === 'config') return from.path;
  return `${from.package}${from.version === undefined ? '' : ` ${from.version}`} in ${from.path}`;
}

function supportsText({ durable, processes, cursor }: SlotSupports): string {
  return [
    `durable ${durable ? 'yes' : 'no'}`,
    ...(processes ? [`processes ${processes}`] : []),
    ...(cursor ? [`cursor ${cursor}`] : []),
  ].join(', ');
}
