import { join } from 'node:path';

import { run } from './run.mjs';
import { say } from './say.mjs';

/**
 * Builds packages and what they depend on; what did not change is left as it is.
 *
 * One compiler for all of them: it reads what they share once.
 *
 * @param {string} root
 * @param {readonly string[]} directories of the packages, from the root
 * @returns {Promise<number>} the exit code of the build
 */
export function build(root, directories) {
  say('building');
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  return run(tsc, ['-b', ...directories], { cwd: root, stdout: 'stderr' });
}
