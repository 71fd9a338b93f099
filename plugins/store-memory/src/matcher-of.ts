import type { Fields, FieldValue, Where } from '@mobkit/core';

/** What tells whether fields match: made once for a query, which may name thousands of values. */
export function matcherOf(where: Where = {}): (fields: Fields) => boolean {
  const wanted = Object.entries(where).flatMap(([field, values]) =>
    values === undefined ? [] : [{ field, values: new Set<FieldValue | undefined>([values].flat()) }],
  );
  return (fields) => wanted.every(({ field, values }) => values.has(fields[field]));
}
