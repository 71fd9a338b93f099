/** Whether a value is an object that is no array: what `{…}` of a JSON text becomes. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
