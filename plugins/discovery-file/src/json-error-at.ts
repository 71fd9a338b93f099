const TOKEN =
  // oxlint-disable-next-line no-control-regex -- JSON allows no control characters in texts
  /[ \t\n\r]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([[\]{},:]))/y;
const SPACE = /[ \t\n\r]*/y;

/** Where a text that is not JSON ceases to be; not every message of `JSON.parse` says it. */
export function jsonErrorAt(text: string): number {
  let at = 0;
  /** What comes next: itself for a sign, `"` for a text, `0` for another value; undefined for nothing of JSON. */
  const peek = (): { readonly kind: string; readonly end: number } | undefined => {
    TOKEN.lastIndex = at;
    const [found, string, other, sign] = TOKEN.exec(text) ?? [];
    if (found === undefined) return undefined;
    return { kind: sign ?? (string === undefined ? (other && '0')! : '"'), end: at + found.length };
  };
  /** Goes on when what comes next is one of `kinds`. */
  const take = (...kinds: readonly string[]) => {
    const next = peek();
    if (!next || !kinds.includes(next.kind)) return undefined;
    at = next.end;
    return next.kind;
  };
  const list = (end: string, element: () => boolean): boolean => {
    if (take(end)) return true;
    for (;;) {
      if (!element()) return false;
      const after = take(',', end);
      if (after !== ',') return after === end;
    }
  };
  const value = (): boolean => {
    const kind = take('"', '0', '{', '[');
    if (kind === '{') return list('}', () => take('"') !== undefined && take(':') !== undefined && value());
    if (kind === '[') return list(']', value);
    return kind !== undefined;
  };
  value();
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}
