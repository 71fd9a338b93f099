import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

const hooks = new URL('typescript-hooks.mjs', import.meta.url).href;

/** A program on a small disk. */
export interface SmallDiskProgram {
  /** It can be talked to by messages. */
  readonly child: ChildProcess;
  /** The disk as the program sees it, its working directory. Nobody else sees it there. */
  readonly directory: string;
  /** The disk for everybody else, as long as the program runs: to fill it, to look at it, to make room. */
  readonly outside: string;
}

export interface SmallDiskOptions {
  readonly sizeKb: number;
  /** The file of a program for Node; TypeScript runs as it is. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Starts a program on a disk of its own that holds so much and no more: real memory that the kernel counts. The disk goes
 * with the last process on it, the program itself when the test is finished. Linux alone can do this, and it
 * must: a Linux on which it cannot be done fails the test.
 */
export function runOnSmallDisk({ sizeKb, program, args = [], env }: SmallDiskOptions): SmallDiskProgram {
  const directory = mkdtempSync(join(tmpdir(), 'mobkit-small-disk-'));
  const mount = `mount -t tmpfs -o size=${sizeKb}k,mode=0700 tmpfs "$0" && cd "$0" && exec "$@"`;
  const node = [process.execPath, '--conditions=@mobkit/source', '--import', hooks, program, ...args];
  // Each of these becomes the next, so that the child is the program itself.
  const child = spawn('unshare', [namespaces(), 'sh', '-c', mount, directory, ...node], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // Read, or a program that prints much would stand still.
  child.stdout?.resume();
  child.stderr?.pipe(process.stderr, { end: false });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  return { child, directory, outside: `/proc/${child.pid}/root${directory}` };
}

/** An ordinary user mounts as the root of a user namespace; where there are none, root still has its own mounts. */
function namespaces(): string {
  return spawnSync('unshare', ['-rm', 'true']).status === 0 ? '-rm' : '-m';
}
