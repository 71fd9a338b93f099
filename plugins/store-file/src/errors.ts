import { isMobError, MobError } from '@mobkit/core';

/** What time, or somebody who makes room, can mend. */
const RETRYABLE = ['EAGAIN', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC'];

/** Says what was being done with which file, and whether trying again helps. Keeps an error that says it already. */
export function fileError(doing: string, path: string, cause: unknown): MobError {
  if (isMobError(cause)) return cause;
  const code = errnoOf(cause);
  const why = cause instanceof Error ? cause.message : String(cause);
  const details = { path, ...(code !== undefined && { errno: code }) };
  if (code !== undefined && RETRYABLE.includes(code)) {
    const message = `The session file "${path}" could not be ${doing} (${code}): free its disk or its limits`;
    return new MobError('MOB_STORE_UNAVAILABLE', message, { cause, retryable: true, details });
  }
  const message = `The session file "${path}" cannot be ${doing}: ${why}`;
  return new MobError('MOB_STORE_REFUSED', message, { cause, details });
}

/** Of a file that is no session file of this release; it is left as it is. */
export function notReadable(path: string, why: string, cause?: unknown): MobError {
  const message = `The session file "${path}" ${why}; it is left as it is: mend it, move it away or name another`;
  return new MobError('MOB_STORE_REFUSED', message, { cause, details: { path } });
}

export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
