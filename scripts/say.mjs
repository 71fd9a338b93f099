/**
 * One line of progress. On stderr: what somebody asked for is alone on stdout.
 *
 * @param {string} line
 */
export function say(line) {
  console.error(`mobkit: ${line}`);
}
