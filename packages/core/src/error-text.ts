/** What an error says, for people. Takes whatever was thrown, and never throws. */
export function errorText(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    // An object without a prototype, or one whose `toString` throws.
    return 'an error that has no text';
  }
}
