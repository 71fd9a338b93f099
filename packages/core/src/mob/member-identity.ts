/** Begins the names that the engine gives to profiles and members of its own. */
export const RESERVED_PREFIX = '__flow_';

/**
 * Says what keeps a text from being the identity of a member; undefined when nothing does. One rule for every door: 1 to
 * 100 letters, digits, `_`, `-` and `.`, the first a letter or a digit, so that an identity is the same in a URL, in a file
 * name, as a key of an object and in `identity:generation`.
 */
export function identityProblem(identity: string): string | undefined {
  if (identity.startsWith(RESERVED_PREFIX)) {
    return `"${identity}" begins with "${RESERVED_PREFIX}", which is reserved`;
  }
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(identity)) return undefined;
  const shown = JSON.stringify(identity.slice(0, 100));
  return `${shown} is not an identity: 1 to 100 letters, digits, "_", "-" and ".", beginning with a letter or a digit`;
}
