import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { connect, createServer } from 'node:net';

/**
 * Runs `work` while no other process does so for the same directory, and waits for one that does.
 *
 * The kernel holds the lock for the process and takes it back when that ends, however it ends: no file stays behind, and
 * none has to be judged stale.
 *
 * @template T
 * @param {string} directory
 * @param {() => Promise<T>} work
 * @param {() => void} onWait called once, when somebody else is at it
 * @returns {Promise<T>} what `work` returned
 */
export async function alone(directory, work, onWait) {
  const hold = process.platform === 'linux' ? holdName : holdDirectory;
  const release = await hold(await realpath(directory), onWait);
  try {
    return await work();
  } finally {
    await release();
  }
}

/**
 * Linux: an abstract socket, a name that one process at a time can have.
 *
 * @param {string} directory
 * @param {() => void} onWait
 */
async function holdName(directory, onWait) {
  const name = `\0mobkit-${createHash('sha256').update(directory).digest('hex')}`;
  /** @type {Set<import('node:net').Socket>} */
  const waiters = new Set();
  let told = false;
  for (;;) {
    const server = createServer((waiter) => waiters.add(waiter.on('error', () => waiters.delete(waiter))));
    try {
      await once(server.listen(name), 'listening');
      return async () => {
        const closed = once(server.close(), 'close');
        for (const waiter of waiters) waiter.destroy();
        await closed;
      };
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
    }
    await new Promise((resolve) => {
      const holder = connect(name, () => {
        if (!told) onWait();
        told = true;
      });
      // It may be gone by now: then the next attempt succeeds.
      holder.on('error', () => {});
      holder.on('close', resolve).resume();
    });
  }
}

/** `O_EXLOCK` of macOS and the BSDs, which Node does not name. */
const EXCLUSIVE_LOCK = 0x20;

/**
 * macOS: a lock on the open directory.
 *
 * @param {string} directory
 * @param {() => void} onWait
 */
async function holdDirectory(directory, onWait) {
  const flags = constants.O_RDONLY | EXCLUSIVE_LOCK;
  const handle = await open(directory, flags | constants.O_NONBLOCK).catch((error) => {
    if (codeOf(error) !== 'EAGAIN') throw error;
    onWait();
    return open(directory, flags);
  });
  return () => handle.close();
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
