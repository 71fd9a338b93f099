import { error, type Finding } from './finding.js';
import type { Path } from './path.js';

/** Deeper than any definition needs, and far from what would exhaust the stack of whoever walks it. */
export const MAX_DEPTH = 100;

/**
 * What in a value would not come back from the ledger as it was, or may not be what was written: numbers that JSON has no form
 * for, whole ones that may have been rounded when they were read, a key that JavaScript treats as the prototype, anything that
 * is no data. A key that is `undefined` counts as absent.
 */
export function findUnstorable(value: unknown, path: Path = []): Finding[] {
  if (path.length > MAX_DEPTH)
    return [invalid(path, `is nested more than ${MAX_DEPTH} deep: make it flatter`)];
  if (Array.isArray(value)) return value.flatMap((element, at) => findUnstorable(element, [...path, at]));
  if (isTable(value)) {
    return Object.entries(value).flatMap(([key, within]) => {
      if (key === '__proto__') return [invalid(path, 'has a key named "__proto__": give it another name')];
      return within === undefined ? [] : findUnstorable(within, [...path, key]);
    });
  }
  if (value === null || ['string', 'boolean'].includes(typeof value)) return [];
  if (typeof value === 'number' && Number.isFinite(value)) {
    return mayBeRounded(value) ? [invalid(path, `is ${value}, beyond 2^53 - 1: give it as text`)] : [];
  }
  const shown = typeof value === 'number' ? value : `a ${typeof value}`;
  return [invalid(path, `is ${shown}, which cannot be kept as JSON`)];
}

/**
 * Dates of TOML become their text, as they will be when they come back from the ledger. Stops below the depth at which
 * `findUnstorable` refuses a value.
 */
export function toPlainData(value: unknown, depth = 0): unknown {
  if (value instanceof Date) return value.toISOString();
  if (depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((element) => toPlainData(element, depth + 1));
  if (!isTable(value)) return value;
  // Not assignment: a key named `__proto__` must stay one, to be found.
  return Object.fromEntries(
    Object.entries(value).map(([key, within]) => [key, toPlainData(within, depth + 1)]),
  );
}

export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Whether it is read as a whole number and may have been another one where it was written. */
function mayBeRounded(value: number): boolean {
  // From there on numbers are written with an exponent: nobody means the last digit.
  return Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21;
}

function invalid(path: Path, message: string): Finding {
  return error('invalid_value', path, message);
}
