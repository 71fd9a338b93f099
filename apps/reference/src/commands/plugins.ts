import type { Command } from '../cli/command.js';
import { terminalText } from '../cli/terminal-text.js';
import { findMobFile, loadMob } from '../config/load-mob.js';
import { loadApp } from '../load-app.js';

/** Prints the plugins of the app for a mob file, in the order they register; opens nothing. */
export async function listPlugins({ mobFile }: Extract<Command, { name: 'plugins' }>): Promise<number> {
  const silent = () => {};
  const tell = {
    error: silent,
    info: silent,
    warning: silent,
    storeError: silent,
    serverError: silent,
    delivered: silent,
  };
  const { plugins } = await loadApp(loadMob(findMobFile(mobFile)), {
    state: '.mobkit',
    listen: { host: '127.0.0.1', port: 0 },
    tell,
  });
  for (const { name } of plugins) console.log(terminalText(name));
  return 0;
}
