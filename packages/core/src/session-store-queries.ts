import { checkText } from './check-arguments.js';
import type { SessionHistoryQuery, SessionQuery } from './session-store.js';

const DEFAULT_LIMIT = 256;
const MAX_LIMIT = 4096;

/**
 * Checks a query of `latest` or `live` by the rule of every `SessionStore`.
 *
 * @returns How many rows it asks for at most.
 * @throws TypeError for a wrong bound, and for a field that nobody knows.
 */
export function checkSessionQuery({ afterSessionId, limit, ...unknown }: SessionQuery): number {
  checkKnown(unknown);
  if (afterSessionId !== undefined) checkText('afterSessionId', afterSessionId);
  return limitOf(limit);
}

/**
 * Checks a query of `history` by the rule of every `SessionStore`; what `after` says is the store's own to check.
 *
 * @returns How many rows it asks for at most.
 * @throws TypeError for a wrong bound, and for a field that nobody knows.
 */
export function checkSessionHistoryQuery({
  sessionId,
  after,
  limit,
  ...unknown
}: SessionHistoryQuery): number {
  checkKnown(unknown);
  if (sessionId !== undefined) checkText('sessionId', sessionId);
  if (after !== undefined && typeof after !== 'string') throw new TypeError('after is not text');
  return limitOf(limit);
}

function limitOf(limit = DEFAULT_LIMIT): number {
  if (Number.isSafeInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new TypeError(`limit is not a whole number from 1 to ${MAX_LIMIT}: ${limit}`);
}

function checkKnown(unknown: object): void {
  const [name] = Object.keys(unknown);
  if (name !== undefined) throw new TypeError(`Session rows cannot be asked for by "${name}"`);
}
