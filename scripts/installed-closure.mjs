import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readManifest } from './read-manifest.mjs';

/**
 * What is installed with a package: itself, and everything that it and that needs, in the versions that are installed here.
 *
 * @param {readonly string[]} directories of packages, as if they were installed together
 * @returns {Set<string>} real directories, each once
 */
export function installedClosure(directories) {
  /** @type {Set<string>} */
  const found = new Set();
  const open = directories.map((directory) => realpathSync(directory));
  for (let directory = open.pop(); directory !== undefined; directory = open.pop()) {
    if (found.has(directory)) continue;
    found.add(directory);
    for (const { name, optional } of needs(directory)) {
      const there = findModule(name, directory);
      if (there !== undefined) open.push(there);
      else if (!optional) throw new Error(`${directory} needs ${name}, which is not installed`);
    }
  }
  return found;
}

/** @param {string} directory */
function needs(directory) {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
    readManifest(directory);
  const peers = Object.keys(peerDependencies ?? {});
  const optional = Object.keys(optionalDependencies ?? {});
  return [
    ...Object.keys(dependencies ?? {})
      .filter((name) => !optional.includes(name))
      .map((name) => ({ name, optional: false })),
    // Those of other platforms are not there.
    ...optional.map((name) => ({ name, optional: true })),
    // Nobody gets an optional peer without asking for it.
    ...peers
      .filter((name) => peerDependenciesMeta?.[name]?.optional !== true)
      .map((name) => ({ name, optional: false })),
  ];
}

/**
 * As Node finds it: in the nearest `node_modules` above.
 *
 * @param {string} name
 * @param {string} from
 * @returns {string | undefined}
 */
function findModule(name, from) {
  const there = join(from, 'node_modules', name);
  if (existsSync(join(there, 'package.json'))) return realpathSync(there);
  const above = dirname(from);
  return above === from ? undefined : findModule(name, above);
}

/**
 * The bytes of the files of a package, without what is installed in it.
 *
 * @param {string} directory
 * @returns {number}
 */
export function directorySize(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.name !== 'node_modules')
    .map((entry) => join(directory, entry.name))
    .reduce((sum, path) => {
      const stats = lstatSync(path);
      return sum + (stats.isDirectory() ? directorySize(path) : stats.size);
    }, 0);
}
