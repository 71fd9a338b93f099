import { isMobError, MobError } from '@mobkit/core';

import { hasRoom, isOutOfRoom } from './has-room.js';

// Primary result codes of SQLite; an extended code has more bits above these eight.
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const FULL = 13;
const CANTOPEN = 14;
const TOOBIG = 18;
const CONSTRAINT = 19;
const MISMATCH = 20;

// And an extended one.
const CONSTRAINT_UNIQUE = 2067;

/** What time, or somebody who makes room, can mend. */
const RETRYABLE = [BUSY, IOERR, FULL];

/** What was wrong is in the data, and less of it may pass. */
const OF_DATA = [TOOBIG, CONSTRAINT, MISMATCH];

/** What the operating system says in the same cases. */
const RETRYABLE_ERRNOS = ['EAGAIN', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC'];

/**
 * Says what was being done, where, and whether trying again helps; `details.reason` is `disk_full`, `io_error` or `data`
 * where that is known. Keeps an error that says it already.
 */
export function storeError(doing: string, directory: string, cause: unknown): MobError {
  if (isMobError(cause)) return cause;
  const code = resultCode(cause);
  const sqlite = cause instanceof Error && 'code' in cause ? { sqlite: cause.code } : {};
  const why = cause instanceof Error ? cause.message : String(cause);
  if (!RETRYABLE.includes(code)) {
    const reason = OF_DATA.includes(code) ? { reason: 'data' } : {};
    const message = `SQLite refused to ${doing} in "${directory}": ${why}`;
    return new MobError('MOB_STORE_REFUSED', message, {
      cause,
      details: { directory, ...sqlite, ...reason },
    });
  }
  const unavailable = (message: string, reason?: 'disk_full' | 'io_error') =>
    new MobError('MOB_STORE_UNAVAILABLE', message, {
      cause,
      retryable: true,
      details: { directory, ...sqlite, ...(reason && { reason }) },
    });
  if (code === FULL || (code === IOERR && !hasRoom(directory))) {
    const message = `The disk of "${directory}" is full: SQLite could not ${doing}; make room, reading goes on`;
    return unavailable(message, 'disk_full');
  }
  if (code === IOERR) {
    const message = `The disk of "${directory}" failed: SQLite could not ${doing} (${why}); look at the disk and its log`;
    return unavailable(message, 'io_error');
  }
  return unavailable(`SQLite could not ${doing} in "${directory}": ${why}`);
}

/** As `storeError`, for what fails before the database is open: most of it is for whoever chose the directory. */
export function openError(directory: string, cause: unknown): MobError {
  if (isMobError(cause)) return cause;
  const errno =
    cause instanceof Error && 'syscall' in cause && 'code' in cause ? String(cause.code) : undefined;
  const details = { directory };
  if (errno !== undefined && RETRYABLE_ERRNOS.includes(errno)) {
    const message = `The state directory "${directory}" cannot be used now (${errno}): free its disk or its limits`;
    const full = isOutOfRoom(errno) && { reason: 'disk_full' };
    return new MobError('MOB_STORE_UNAVAILABLE', message, {
      cause,
      retryable: true,
      details: { ...details, ...full },
    });
  }
  if (errno === 'EEXIST' || errno === 'ENOTDIR') {
    const message = `The state directory "${directory}" is not a directory: name another`;
    return new MobError('MOB_CONFIG_INVALID', message, { cause, details });
  }
  if (errno !== undefined || [READONLY, CANTOPEN].includes(resultCode(cause))) {
    const why = errno ?? 'its files cannot be opened';
    const message = `The state directory "${directory}" is not writable (${why}): change its permissions or name another`;
    return new MobError('MOB_CONFIG_INVALID', message, { cause, details });
  }
  return storeError('open the database', directory, cause);
}

/** The primary result code; 0 for what SQLite did not throw. */
function resultCode(error: unknown): number {
  // The driver has no code for a file that it cannot open.
  if (error instanceof Error && error.message.startsWith('ConnectionFailed')) return CANTOPEN;
  if (!(error instanceof Error && 'rawCode' in error)) return 0;
  return typeof error.rawCode === 'number' ? error.rawCode & 0xff : 0;
}

/** Whether a row was refused because the id in it is kept already: of no log is anything else unique beside its key. */
export function isRepeatedId(error: unknown): boolean {
  return error instanceof Error && 'rawCode' in error && error.rawCode === CONSTRAINT_UNIQUE;
}

/** Whether it was refused because somebody else holds a lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}
