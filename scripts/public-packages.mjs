import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The directories of the packages that are published.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function publicPackages(root) {
  return ['packages', 'plugins', 'apps']
    .map((folder) => join(root, folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((directory) => existsSync(join(directory, 'package.json')))
    .filter((directory) => !JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')).private);
}
