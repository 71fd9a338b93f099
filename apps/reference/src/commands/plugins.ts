import type { PluginsCommand } from '../cli/command.js';
import { jsonLine } from '../cli/terminal-text.js';
import { findMobFile, loadMob } from '../config/load-mob.js';
import { durabilityCard } from '../durability/durability-card.js';
import { loadApp } from '../load-app.js';
import { silentTell } from '../parts/silent-tell.js';
import { describePlugins } from '../plugin-list/describe-plugins.js';
import { printPlugins } from '../plugin-list/print-plugins.js';

/** Prints the plugins of the app for a mob file, in the order they register, and what of it is durable; opens nothing. */
export async function listPlugins({ mobFile, state, store, json }: PluginsCommand): Promise<number> {
  const listen = { host: '127.0.0.1', port: 0 };
  const app = await loadApp(loadMob(findMobFile(mobFile)), { state, store, listen, tell: silentTell });
  const listed = describePlugins(app);
  const card = durabilityCard(app.assembly.claims(), 'unknown');
  if (json) {
    const durability = card.map(({ keptBy, ...one }) => ({ ...one, ...(keptBy && { kept_by: keptBy }) }));
    console.log(jsonLine({ plugins: listed, durability }));
  } else {
    printPlugins(listed, card);
  }
  return 0;
}
