import { join } from 'node:path';

import { publicPackages } from './public-packages.mjs';
import { readManifest } from './read-manifest.mjs';

/**
 * One way into a package, as its `exports` name it.
 *
 * @typedef {object} Door
 * @property {string} specifier what a consumer imports, `@mobkit/core/mob`
 * @property {string} directory of its package
 * @property {string} types where its declarations are built to
 */

/**
 * Every door of every package that is published.
 *
 * @param {string} root
 * @returns {Door[]}
 */
export function publicDoors(root) {
  return publicPackages(root).flatMap((directory) => {
    const { name, exports = {} } = readManifest(directory);
    return Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string' || target['types'] === undefined
        ? []
        : [{ specifier: join(name, path), directory, types: join(directory, target['types']) }],
    );
  });
}
