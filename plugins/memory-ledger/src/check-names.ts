import { MobError } from '@mobkit/core';
import { type MemoryAuthor, memoryStores, type MemoryStoreName } from '@mobkit/core/ops';

/** Two of them, a store and what stands between fit a key of a record. */
const MAX_NAME = 190;

const MAX_TEXT = 4096;

// Also what no column of a store can hold.
const NOT_IN_NAMES = /[\p{Cc}\p{Surrogate}]/u;

/** A name as it is kept. @throws MobError `MOB_REQUEST_INVALID` for a blank one, or one that cannot be kept. */
export function nameOf(field: string, given: string): string {
  const name = canonical(given);
  if (name === '') throw invalid(field, `${field} must be a non-empty string`);
  if (name.length <= MAX_NAME && !NOT_IN_NAMES.test(name)) return name;
  throw invalid(field, `${field} must be at most ${MAX_NAME} characters without control characters`);
}

/** As `nameOf`; undefined for a blank one. */
export function optionalName(field: string, given: string | undefined): string | undefined {
  return given === undefined || given.trim() === '' ? undefined : nameOf(field, given);
}

/** Who takes something out, as it is kept. @throws MobError `MOB_REQUEST_INVALID`. */
export function authorOf({ by, reason: given }: MemoryAuthor): MemoryAuthor {
  nameOf('by', by);
  const reason = optionalText('reason', given);
  // In the case in which it was given: it is the name of a person.
  return { by: by.trim(), ...(reason !== undefined && { reason }) };
}

/** The store of a name; undefined for a blank one. @throws MobError `MOB_REQUEST_INVALID` for one that there is not. */
export function optionalStore(given: string | undefined): MemoryStoreName | undefined {
  if (given === undefined || given.trim() === '') return undefined;
  const found = memoryStores.find((store) => store === canonical(given));
  if (found) return found;
  const allowed = memoryStores.join(', ');
  throw invalid('store', `store '${given.trim()}' is unsupported (allowed: ${allowed})`);
}

/** A text without what stands around it; undefined for a blank one. */
export function optionalText(field: string, given: string | undefined, what = field): string | undefined {
  const text = given?.trim() ?? '';
  if (text.length > MAX_TEXT) throw invalid(field, `${what} must be at most ${MAX_TEXT} characters`);
  return text === '' ? undefined : text;
}

/** Metadata as the JSON that is kept. */
export function checkMetadata(given: Readonly<Record<string, unknown>> | undefined): void {
  if (given === undefined) return;
  const json = toJson(given);
  if (!json?.startsWith('{')) throw invalid('metadata', 'metadata must be a JSON object when provided');
  if (json.length > MAX_TEXT)
    throw invalid('metadata', `metadata must be at most ${MAX_TEXT} characters as JSON`);
}

/** A whole number in bounds. */
export function limitOf(given: number | undefined, fallback: number, most: number): number {
  const limit = given ?? fallback;
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw invalid('limit', `limit must be an integer between 1 and ${most}`);
}

export function invalid(field: string, message: string): MobError {
  return new MobError('MOB_REQUEST_INVALID', message, { details: { field } });
}

function canonical(given: string): string {
  return given.trim().toLowerCase();
}

function toJson(given: unknown): string | undefined {
  try {
    return JSON.stringify(given);
  } catch {
    // A cycle, or an integer that JSON does not have.
    return undefined;
  }
}
