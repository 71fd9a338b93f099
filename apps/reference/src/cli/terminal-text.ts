// What an agent writes must not move a cursor, clear a screen or reverse a line: control characters (C0, DEL, C1) and the
// marks that change the direction of text are left out, newlines and tabs stay.
const UNSAFE = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;

/** Text from outside, made safe to show on a terminal. */
export function terminalText(text: string): string {
  return text.replace(UNSAFE, '');
}

/** The same on one line, and at most `limit` characters long. */
export function terminalLine(text: string, limit = 160): string {
  const line = terminalText(text).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1)}…`;
}

/**
 * JSON on one line. `JSON.stringify` leaves DEL and C1 as they are, which a terminal may obey, and marks of formats and separators
 * of lines, which nobody sees.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escape);
}

/** Each half of a pair by itself, as JSON has it. */
function escape(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
