import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** SQLite's `-shm` grows by half of it. */
const PROBE_BYTES = 64 * 1024;

/**
 * Whether a directory takes another file, by writing one. For what SQLite calls an I/O error and the system may have
 * called a full disk: of a quota that is used up SQLite says no more, nor of a disk without room for its `-shm`.
 */
export function hasRoom(directory: string): boolean {
  const probe = join(directory, 'room.probe');
  try {
    writeFileSync(probe, new Uint8Array(PROBE_BYTES), { mode: 0o600 });
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && isOutOfRoom(String(error.code)));
  } finally {
    rmSync(probe, { force: true });
  }
}

/** What the operating system says when a disk, or somebody's share of it, is full. */
export function isOutOfRoom(errno: string): boolean {
  return errno === 'ENOSPC' || errno === 'EDQUOT';
}
