import { alone } from './alone.mjs';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { say } from './say.mjs';

/**
 * Installs, and builds what is named. Two at once take turns, so that the second finds the work done.
 *
 * @param {string} root
 * @param {{ build?: readonly string[] }} [options] `build`: the directories of packages; nothing is built without
 * @returns {Promise<number>} 0, or the exit code of the stage that failed
 */
export function makeReady(root, { build: directories } = {}) {
  return alone(
    root,
    async () => {
      const installed = await install(root);
      if (installed !== 0 || directories === undefined) return installed;
      return build(root, directories);
    },
    () => say('waiting for another install or build in this directory'),
  );
}
