import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { z } from 'zod';

/** Where the server that owns a state directory listens. */
export interface ServerAddress {
  readonly url: string;
  readonly pid: number;
}

const schema = z.object({ url: z.url(), pid: z.int().positive() });

/** Leaves the address in the state directory, for other commands to find. Readable by its owner alone. */
export function writeServerFile(stateDirectory: string, { url, pid }: ServerAddress): void {
  const file = fileIn(stateDirectory);
  const draft = `${file}.${pid}`;
  writeFileSync(draft, `${JSON.stringify({ url, pid })}\n`, { mode: 0o600 });
  // At once, so that nobody reads half of it.
  renameSync(draft, file);
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
