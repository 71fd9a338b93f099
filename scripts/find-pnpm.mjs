import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The command line of the pnpm that `packageManager` in the root's package.json names: the one on PATH when it is that
 * version, else the one npx fetches.
 *
 * @param {string} root
 * @returns {[string, ...string[]]}
 */
export function findPnpm(root) {
  /** @type {{ packageManager: string }} */
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const found = spawnSync('pnpm', ['--version'], { cwd: root, encoding: 'utf8' });
  return `pnpm@${found.stdout?.trim()}` === packageManager ? ['pnpm'] : ['npx', '-y', packageManager];
}
