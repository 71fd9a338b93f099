import { execFileSync } from 'node:child_process';
import { join, relative } from 'node:path';

import { readManifest } from './read-manifest.mjs';
import { workspaceRoot } from './workspace-root.mjs';

/**
 * A package as it would be published.
 *
 * @typedef {object} PackedPackage
 * @property {string} name
 * @property {string} directory
 * @property {string} tarball where it lies
 * @property {readonly string[]} files what is in it
 */

/**
 * Packs packages as they would be published.
 *
 * @param {readonly string[]} directories
 * @param {string} destination where the tarballs go
 * @returns {PackedPackage[]} in the order of the directories
 */
export function packPackages(directories, destination) {
  const byName = new Map(directories.map((directory) => [readManifest(directory).name, directory]));
  const filters = directories.map((directory) => `--filter={${relative(workspaceRoot, directory)}}`);
  const args = ['-r', ...filters, 'pack', '--json', '--pack-destination', destination];
  const pnpm = join(workspaceRoot, 'node_modules', '.bin', 'pnpm');
  const printed = execFileSync(pnpm, args, {
    cwd: workspaceRoot,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 ** 2,
  });
  // Scripts that run before packing print first. One package is no list.
  /** @type {{ name: string, filename: string, files: { path: string }[] }[]} */
  const packed = [JSON.parse(printed.slice(printed.search(/^[[{]$/m)))].flat();
  return packed
    .map(({ name, filename, files }) => ({
      name,
      directory: byName.get(name) ?? '',
      tarball: filename,
      files: files.map(({ path }) => path),
    }))
    .toSorted((a, b) => directories.indexOf(a.directory) - directories.indexOf(b.directory));
}
