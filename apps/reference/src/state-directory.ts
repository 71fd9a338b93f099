import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { MobError } from '@mobkit/core';

/** Others may read or write it. */
const OPEN_TO_OTHERS = 0o077;

/**
 * Makes sure that the state directory is there and nobody else's: made with 0700, or given it when it is still empty.
 * Returns a warning about one in use that others may read.
 *
 * @throws MobError `MOB_CONFIG_INVALID`, naming the directory, when it cannot be made or is none.
 */
export function prepareStateDirectory(directory: string): string | undefined {
  try {
    make(directory);
    if ((statSync(directory).mode & OPEN_TO_OTHERS) === 0) return undefined;
    if (readdirSync(directory).length === 0) {
      chmodSync(directory, 0o700);
      return undefined;
    }
  } catch (cause) {
    throw new MobError(
      'MOB_CONFIG_INVALID',
      `The state directory ${directory} cannot be used: name another`,
      {
        cause,
        details: { directory },
      },
    );
  }
  return `Others on this machine may read ${directory}: chmod 700 it`;
}

/** Level by level: Node's own recursion never ends where a parent is there but takes no directories, as in /proc. */
function make(directory: string): void {
  if (existsSync(directory)) return;
  make(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}
