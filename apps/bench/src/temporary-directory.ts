import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lets `work` have a directory of its own, on the disk that holds temporary files. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'mobkit-bench-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The file system under it, for what is measured depends on it; its number in hexadecimal when it is not a common one. */
export async function diskOfTemporaryFiles(): Promise<string> {
  const { type } = await statfs(tmpdir());
  return FILE_SYSTEMS[type] ?? type.toString(16);
}

/** By the numbers Linux gives them. */
const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  0xef53: 'ext4',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x794c7630: 'overlay',
  0x01021994: 'tmpfs: no disk',
};
