import { readlink, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

import type { SessionStore } from '@mobkit/core';

import { FileSessionStore } from './file-session-store.js';
import { type FileSessionsOptions, parseOptions } from './options.js';
import { makeDirectories, readRows } from './session-file.js';

/** The sessions of one file. */
export interface FileSessions {
  readonly sessions: SessionStore;
  /** Resolves when what was begun has ended. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Opens sessions in one JSON file, ready to use, for any number of processes of one machine. Nothing is held between two
 * calls, and there is nothing to clean up after a crash.
 *
 * @throws MobError `MOB_CONFIG_INVALID` for a wrong option; `MOB_STORE_REFUSED` for a file that cannot be read or holds
 * something else, which stays as it is. `details.path` names the file.
 */
export async function openFileSessions(options: FileSessionsOptions): Promise<FileSessions> {
  const named = parseOptions(options);
  const path = await followed(named.path);
  const parsed = path === named.path ? named : parseOptions({ ...options, path });
  await makeDirectories(parsed.path);
  await makeDirectories(parsed.lockPath);
  await readRows(parsed.path);
  const sessions = new FileSessionStore(parsed);
  return { sessions, close: () => sessions.close() };
}

/** More than any system follows. */
const MAX_LINKS = 40;

/**
 * The file that a link leads to, whether it is there yet or not: whoever names the file itself has the same lock, and the link stays
 * one.
 */
async function followed(path: string): Promise<string> {
  let at = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    try {
      const link = await readlink(at);
      // `..` of a link is that of the directory that it is really in.
      at = resolve(await realpath(dirname(at)), link);
    } catch {
      // No link, or nothing; what else is wrong is found by whoever opens it.
      return at;
    }
  }
  return path;
}
