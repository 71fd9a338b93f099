import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { MobError } from '@mobkit/core';
import { z } from 'zod';

/** Where the server that owns a state directory listens. */
export interface ServerAddress {
  readonly url: string;
  readonly pid: number;
}

const schema = z.object({ url: z.url(), pid: z.int().positive() });

/**
 * Leaves the address in the state directory, for other commands to find. Readable by its owner alone.
 *
 * @throws MobError `MOB_STORE_UNAVAILABLE`, naming the directory; retryable.
 */
export function writeServerFile(stateDirectory: string, { url, pid }: ServerAddress): void {
  const file = fileIn(stateDirectory);
  const draft = `${file}.${pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify({ url, pid })}\n`, { mode: 0o600 });
    // At once, so that nobody reads half of it.
    renameSync(draft, file);
  } catch (cause) {
    const directory = resolve(stateDirectory);
    throw new MobError(
      'MOB_STORE_UNAVAILABLE',
      `Cannot leave the server's address in ${directory}: make room there, or let this user write`,
      { cause, retryable: true, details: { directory } },
    );
  }
}

export function removeServerFile(stateDirectory: string): void {
  rmSync(fileIn(stateDirectory), { force: true });
}

/** The address, maybe of a server that was killed; undefined when there is none. */
export function readServerFile(stateDirectory: string): ServerAddress | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(fileIn(stateDirectory), 'utf8')));
  } catch {
    // Missing, or not ours: either way nobody is known to listen.
    return undefined;
  }
}

function fileIn(stateDirectory: string): string {
  return join(resolve(stateDirectory), 'server.json');
}
