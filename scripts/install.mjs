import { findPnpm } from './find-pnpm.mjs';
import { installKey, readStamp, removeStamp, writeStamp } from './install-stamp.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/**
 * Installs the dependencies, unless nothing they depend on changed since the last install that succeeded.
 *
 * @param {string} root
 * @returns {Promise<number>} the exit code of pnpm; 0 when there was nothing to do
 */
export async function install(root) {
  // Before, not after: a lockfile that the install itself changes leads to one more install, never to one too few.
  const key = installKey(root);
  if (readStamp(root) === key) return 0;
  // An install that is cut short must not be taken for done when the files go back to what they were.
  removeStamp(root);
  say('installing dependencies');
  const [command, ...args] = findPnpm(root);
  // Without a terminal pnpm refuses to replace a node_modules that something else made; here that is what we want.
  const options = ['install', '--config.confirmModulesPurge=false'];
  const code = await run(command, [...args, ...options], { cwd: root, stdout: 'stderr' });
  if (code === 0) writeStamp(root, key);
  return code;
}
