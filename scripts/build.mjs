import { delimiter, join } from 'node:path';

import { run } from './run.mjs';
import { say } from './say.mjs';

/**
 * Builds packages and what they depend on; what did not change comes from the cache.
 *
 * @param {string} root
 * @param {readonly string[]} packages by name; all when empty
 * @returns {Promise<number>} the exit code of the build
 */
export function build(root, packages = []) {
  say('building');
  const bin = join(root, 'node_modules', '.bin');
  const filters = packages.map((name) => `--filter=${name}`);
  const args = ['run', 'build', ...filters, '--output-logs=errors-only', '--ui=stream'];
  const env = {
    ...process.env,
    // Turbo runs each build with the pnpm it finds.
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  };
  return run(join(bin, 'turbo'), args, { cwd: root, env, stdout: 'stderr' });
}
