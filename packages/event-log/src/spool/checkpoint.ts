import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const BYTES = 12;

/**
 * The ordinal of the first event that is not settled, in a file of its own. Never synchronised: what a crash takes back is
 * replayed, and found to be in the log by its id.
 */
export class Checkpoint {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(directory: string): Promise<Checkpoint> {
    const file = join(directory, 'settled');
    return new Checkpoint(
      await open(file, 'a', 0o600).then(async (made) => (await made.close(), open(file, 'r+'))),
    );
  }

  /** 0 when there is none, or none that can be read. */
  async read(): Promise<number> {
    const buffer = Buffer.alloc(BYTES);
    const { bytesRead } = await this.#handle.read(buffer, 0, BYTES, 0);
    if (bytesRead < BYTES || crc32(buffer.subarray(4)) !== buffer.readUInt32BE(0)) return 0;
    return Number(buffer.readBigUInt64BE(4));
  }

  async write(ordinal: number): Promise<void> {
    const buffer = Buffer.alloc(BYTES);
    buffer.writeBigUInt64BE(BigInt(ordinal), 4);
    buffer.writeUInt32BE(crc32(buffer.subarray(4)), 0);
    await this.#handle.write(buffer, 0, BYTES, 0);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
