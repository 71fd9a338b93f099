/**
 * @param {import('@mobkit/core').Where} [where]
 * @returns {(fields: import('@mobkit/core').Fields) => boolean}
 */
export function matcherOf(where = {}) {
  const wanted = Object.entries(where).flatMap(([field, values]) =>
    values === undefined ? [] : [{ field, values: new Set([values].flat()) }],
  );
  return (fields) =>
    wanted.every(({ field, values }) => {
      const value = fields[field];
      return value !== undefined && values.has(value);
    });
}
