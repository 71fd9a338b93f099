import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of frames, in the order they were written. */
export interface Segment {
  readonly file: string;
  /** The ordinal of its first event, which is also its name. */
  readonly first: number;
  /** Bytes of whole frames. */
  bytes: number;
}

const NAME = /^(\d{16})\.spool$/;

export function segmentFile(directory: string, first: number): string {
  return join(directory, `${String(first).padStart(16, '0')}.spool`);
}

/** The segments of a directory, the oldest first; other files are nobody's. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const names = (await readdir(directory)).filter((name) => NAME.test(name)).toSorted();
  return names.map((name) => ({ file: join(directory, name), first: Number(name.slice(0, 16)), bytes: 0 }));
}

/** Reads `count` bytes from `at`, or what there is. */
export async function readBytes(file: string, at: number, count: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(count);
    let read = 0;
    while (read < count) {
      const { bytesRead } = await handle.read(buffer, read, count - read, at + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  } finally {
    await handle.close();
  }
}
