/** JavaScript compares UTF-16 units, which puts an emoji before U+FFFD; UTF-8 bytes are in code point order. */
export function compareCodePoints(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
