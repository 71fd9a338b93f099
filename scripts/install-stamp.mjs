import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an install depends on; absent files count too. */
const rootFiles = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
const packageFolders = ['packages', 'plugins', 'apps'];

/**
 * A text that is the same exactly as long as an install would do nothing.
 *
 * @param {string} root
 */
export function installKey(root) {
  const files = [...rootFiles];
  for (const folder of packageFolders) {
    if (!existsSync(join(root, folder))) continue;
    for (const name of readdirSync(join(root, folder)).toSorted())
      files.push(`${folder}/${name}/package.json`);
  }
  const hash = createHash('sha256');
  // Native packages are installed for one platform and one version of Node's binary interface.
  hash.update(`${process.platform} ${process.arch} ${process.versions.modules}\0`);
  for (const file of files) {
    const path = join(root, file);
    hash
      .update(`${file}\0`)
      .update(existsSync(path) ? readFileSync(path) : '')
      .update('\0');
  }
  return hash.digest('hex');
}

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.mobkit-install');

/**
 * The key of the last install that succeeded.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function readStamp(root) {
  return existsSync(stampFile(root)) ? readFileSync(stampFile(root), 'utf8') : undefined;
}

/** @param {string} root */
export function removeStamp(root) {
  rmSync(stampFile(root), { force: true });
}

/**
 * @param {string} root
 * @param {string} key
 */
export function writeStamp(root, key) {
  const unfinished = `${stampFile(root)}.new`;
  writeFileSync(unfinished, key);
  renameSync(unfinished, stampFile(root));
}
