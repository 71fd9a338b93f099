/** Names the engine gives to members of its own. */
export const RESERVED_PREFIX = '__flow_';

/** Says what keeps a text from being the identity of a member; undefined when nothing does. */
export function identityProblem(identity: string): string | undefined {
  if (!/^[\w.-]{1,100}$/.test(identity)) {
    return `${JSON.stringify(identity)} is not an identity: 1 to 100 letters, digits, "_", "-" and "."`;
  }
  if (identity.startsWith(RESERVED_PREFIX))
    return `"${identity}" begins with "${RESERVED_PREFIX}", which is reserved`;
  return undefined;
}
