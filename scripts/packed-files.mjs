import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { workspaceRoot } from './workspace-root.mjs';

/**
 * Packs a package as it would be published and lists what is in the tarball.
 *
 * @param {string} directory
 * @param {string} destination where the tarball goes
 * @returns {string[]}
 */
export function packedFiles(directory, destination) {
  const args = ['pack', '--json', '--pack-destination', destination];
  const printed = execFileSync(join(workspaceRoot, 'node_modules', '.bin', 'pnpm'), args, {
    cwd: directory,
    encoding: 'utf8',
  });
  // Scripts that run before packing print first.
  /** @type {{ files: { path: string }[] }} */
  const { files } = JSON.parse(printed.slice(printed.indexOf('{\n')));
  return files.map((file) => file.path);
}
