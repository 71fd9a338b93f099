import type { JsonValue } from './json-value.js';

/** Deeper than data of an application needs, and far from what would exhaust the stack of whoever walks it. */
const MAX_DEPTH = 100;

/** Copies plain JSON. `refuse` is called with what in it would not come back as it was, and where; it throws. */
export function copyJson(value: unknown, at: string, refuse: RefuseJson, depth = 0): JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > MAX_DEPTH) refuse(at, `is nested more than ${MAX_DEPTH} deep: make it flatter`);
  if (Array.isArray(value)) {
    return value.map((element, index) => copyJson(element, `${at}[${index}]`, refuse, depth + 1));
  }
  if (!isPlainObject(value)) {
    const kind = typeof value === 'object' ? 'an object with a class' : `a ${typeof value}`;
    refuse(at, `is ${typeof value === 'number' ? value : kind}, which JSON cannot hold`);
  }
  const entries = Object.entries(value).filter(([, within]) => within !== undefined);
  return Object.fromEntries(
    entries.map(([key, within]) => {
      if (key === '__proto__') refuse(at, 'has a key named "__proto__": give it another name');
      return [key, copyJson(within, `${at}.${key}`, refuse, depth + 1)];
    }),
  );
}

/** Throws for what is at `field`. */
export type RefuseJson = (field: string, problem: string) => never;

/** An object that is data: made by a literal, by JSON or without a prototype. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Also one of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
