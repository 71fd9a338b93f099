import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, statSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MobError } from '@mobkit/core';

/**
 * Makes this process the one that uses a directory, by a socket that only one can listen on. On Linux it has no file
 * (unix(7), abstract sockets): the kernel frees it however the process ends. Elsewhere a file that nobody listens on any
 * more is taken over. Returns what gives it up.
 *
 * @throws MobError `MOB_STORE_LOCKED`, naming the directory, when another process, or this one, uses it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = socketPath(directory);
  if (!path.startsWith('\0')) await removeStale(path);
  // Whoever asks whether somebody is there hangs up at once.
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(path);
    await once(server, 'listening');
  } catch (cause) {
    const message = `The spool in "${directory}" is in use: stop the process that has it open, or name another directory`;
    throw new MobError('MOB_STORE_LOCKED', message, { cause, details: { directory } });
  }
  // Nobody waits for it.
  server.unref();
  return async () => {
    const closed = once(server, 'close');
    server.close();
    await closed;
  };
}

/** By what the directory is, not by one of its names. Short: a socket's name has room for about a hundred characters. */
function socketPath(directory: string): string {
  const { dev, ino } = statSync(directory, { bigint: true });
  const name = `mobkit-spool-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`;
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

async function removeStale(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const socket = connect(path);
  const alive = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  if (!alive) unlinkSync(path);
}
