import { errorText, MobError } from '@mobkit/core';

/** Connection lost, rolled back by contention, out of resources, shut down or out of time: what a retry can mend. */
const RETRYABLE_CLASSES = ['08', '40', '53', '57'];

/** Says what was being done and whether trying again helps. The server's own words never have a password in them. */
export function databaseError(doing: string, cause: unknown): MobError {
  const state = stateOf(cause);
  const retryable = state === undefined || RETRYABLE_CLASSES.includes(state.slice(0, 2));
  return new MobError('MOB_DISCOVERY_UNAVAILABLE', `Postgres could not ${doing}: ${wordsOf(cause)}`, {
    cause,
    retryable,
    details: { ...(state !== undefined && { state }) },
  });
}

/** The server's own code for an error; errors of the socket have a `code` too, but no severity. */
function stateOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'severity' in error && 'code' in error)) return undefined;
  return String(error.code);
}

/** Several addresses that refuse are one error without a text of its own. */
function wordsOf(cause: unknown): string {
  const text = errorText(cause);
  if (text !== '') return text;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'the connection failed';
}
