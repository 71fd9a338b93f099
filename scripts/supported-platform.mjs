/**
 * Says in one sentence why mobkit does not run here, or nothing when it does.
 *
 * Plain syntax, so that an old Node gets as far as printing it.
 *
 * @param {string} nodeVersion as in `process.version`
 * @param {string} platform as in `process.platform`
 * @returns {string | undefined}
 */
export function unsupported(nodeVersion, platform) {
  if (platform === 'win32') {
    return 'mobkit does not run on Windows yet; it runs on Linux, macOS and in WSL.';
  }
  const [major = 0, minor = 0] = nodeVersion.replace('v', '').split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    return 'mobkit needs Node 20.19 or later; this is Node ' + nodeVersion.replace('v', '') + '.';
  }
  return undefined;
}
