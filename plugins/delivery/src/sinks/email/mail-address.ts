/** What a server takes at most. */
const MOST_CHARACTERS = 254;

/**
 * Whether text is one address and nothing besides: no second one after a comma, no name, no comment, no line break, and nothing
 * that a part of a header or of a command could begin with.
 */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= MOST_CHARACTERS && /^[^\s\p{C}"'<>()[\]\\,;:@]+@[^\s\p{C}"'<>()[\]\\,;:@]+$/u.test(text)
  );
}
