import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { joinDoubledSignals } from './join-doubled-signals.mjs';

/**
 * Becomes the app: in this process, so that its signals, its exit code and its pid are the app's own.
 *
 * @param {string} root
 * @param {readonly string[]} args
 */
export async function runApp(root, args) {
  const main = join(root, 'apps', 'reference', 'dist', 'main.js');
  if (!existsSync(main)) {
    console.error('mobkit is not built yet: run `npm start` first.');
    process.exitCode = 1;
    return;
  }
  joinDoubledSignals();
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}
