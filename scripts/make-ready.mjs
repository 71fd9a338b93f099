import { alone } from './alone.mjs';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { say } from './say.mjs';

/**
 * Installs, and builds what is named. Two at once take turns, so that the second finds the work done.
 *
 * @param {string} root
 * @param {{ build?: readonly string[] | 'all' }} [options] nothing is built without `build`
 * @returns {Promise<number>} 0, or the exit code of the stage that failed
 */
export function makeReady(root, { build: packages } = {}) {
  return alone(
    root,
    async () => {
      const installed = await install(root);
      if (installed !== 0 || packages === undefined) return installed;
      return build(root, packages === 'all' ? [] : packages);
    },
    () => say('waiting for another install or build in this directory'),
  );
}
