/** Gives a placeholder its text; undefined when there is no such placeholder. */
export type Fill = (name: string) => string | undefined;

/** What stands for a match of `seen`, or for a group of it. */
export const SEEN_NAME = /^seen\.(\d+)(?:\.(.+))?$/;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Replaces every `{{name}}` in a text. One that `fill` does not know becomes empty. */
export function fillText(text: string, fill: Fill): string {
  return text.replace(PLACEHOLDER, (_, name: string) => fill(name) ?? '');
}

/** Replaces the placeholders in every text within a JSON value; keys stay as they are. */
export function fillValue(value: unknown, fill: Fill): unknown {
  if (typeof value === 'string') return fillText(value, fill);
  if (Array.isArray(value)) return value.map((element) => fillValue(element, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, within]) => [key, fillValue(within, fill)]));
}

/** The placeholders in every text within a JSON value. */
export function placeholdersIn(value: unknown): string[] {
  const names: string[] = [];
  fillValue(value, (name) => (names.push(name), undefined));
  return names;
}
