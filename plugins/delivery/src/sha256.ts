import { hash } from 'node:crypto';

import type { JsonValue } from '@mobkit/core';

/** Names a value, however long it is: the same for what is deeply equal, whatever the order of its keys. */
export function sha256(value: JsonValue): string {
  return hash('sha256', JSON.stringify(sorted(value)), 'hex');
}

function sorted(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(sorted);
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, within]) => [key, sorted(within)]));
}
