/** Whether two JSON values are the same; the order of keys says nothing. */
export function equalJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && equalJson(at(one, key), at(other, key)))
  );
}

function at(within: object, key: string): unknown {
  return (within as Readonly<Record<string, unknown>>)[key];
}
