/**
 * The ids that a title names, in square brackets at its beginning: `[log.dense] [log.order] numbers …`. A suite may stand
 * before it.
 *
 * @param {string} title
 * @returns {string[]}
 */
export function namedRequirements(title) {
  return [...title.matchAll(/\[([a-z][a-z0-9-]*\.[a-z0-9][a-z0-9.-]*)\]/g)].map(([, id = '']) => id);
}
