import { type FileHandle, open } from 'node:fs/promises';

import { type Clock, MobError } from '@mobkit/core';

import { encodeFrames, type Frame } from './frame.js';
import { type Segment, segmentFile } from './segments.js';
import type { SpoolSync } from './spool-options.js';

/** A segment that has grown beyond it is followed by another. */
const SEGMENT_BYTES = 4 * 2 ** 20;

export interface SpoolWriterDeps {
  readonly directory: string;
  readonly segments: Segment[];
  readonly fsync: SpoolSync;
  readonly fsyncIntervalMs: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Told after every synchronising in the background: why it failed, or undefined. */
  readonly onSync: (failure: unknown) => void;
}

/** Writes frames to the newest segment. One write at a time. */
export class SpoolWriter {
  readonly #deps: SpoolWriterDeps;
  /** Of the newest segment; absent until it is written to. */
  #handle: FileHandle | undefined;
  /** The last write may have left something behind the whole frames. */
  #untidy = false;
  #cancelSync: (() => void) | undefined;
  #syncing: Promise<void> | undefined;

  constructor(deps: SpoolWriterDeps) {
    this.#deps = deps;
  }

  /**
   * Writes all of the frames or none.
   *
   * @throws MobError `MOB_STORE_UNAVAILABLE` when the spool, or its disk, is full (`details.reason` `'spool_full'`).
   * Whatever else the file system says.
   */
  async write(frames: readonly Frame[]): Promise<void> {
    const [first] = frames;
    if (!first) return;
    const buffer = encodeFrames(frames);
    this.#expectRoom(buffer.length);
    const segment = await this.#segmentFor(first.ordinal);
    const handle = (this.#handle ??= await open(segment.file, 'r+'));
    // A write that failed may have left a part of a frame, which would be in the way of the next reader.
    if (this.#untidy) await handle.truncate(segment.bytes);
    this.#untidy = true;
    for (let written = 0; written < buffer.length;) {
      const left = buffer.length - written;
      written += (await handle.write(buffer, written, left, segment.bytes + written)).bytesWritten;
    }
    if (this.#deps.fsync === 'always') await handle.datasync();
    this.#untidy = false;
    segment.bytes += buffer.length;
    if (this.#deps.fsync === 'interval') this.#syncSoon();
  }

  /** Makes what was written reach the disk, unless that was not asked for. */
  async sync(): Promise<void> {
    this.#cancelSync?.();
    this.#cancelSync = undefined;
    await this.#syncing;
    if (this.#deps.fsync !== 'never') await this.#handle?.datasync();
  }

  /** The newest segment is about to be removed, or nothing more is written. */
  async release(): Promise<void> {
    this.#cancelSync?.();
    this.#cancelSync = undefined;
    await this.#syncing;
    const handle = this.#handle;
    this.#handle = undefined;
    this.#untidy = false;
    await handle?.close();
  }

  #expectRoom(bytes: number): void {
    const used = this.#deps.segments.reduce((sum, segment) => sum + segment.bytes, 0);
    if (used + bytes <= this.#deps.maxBytes) return;
    throw new MobError(
      'MOB_STORE_UNAVAILABLE',
      `The spool in "${this.#deps.directory}" has reached its ${this.#deps.maxBytes} bytes`,
      { retryable: true, details: { directory: this.#deps.directory, reason: 'spool_full' } },
    );
  }

  async #segmentFor(ordinal: number): Promise<Segment> {
    const newest = this.#deps.segments.at(-1);
    if (newest && newest.bytes < SEGMENT_BYTES) return newest;
    if (this.#handle) await this.sync();
    await this.release();
    const file = segmentFile(this.#deps.directory, ordinal);
    // Over whatever is there: one of the same name has never counted.
    this.#handle = await open(file, 'w+', 0o600);
    if (this.#deps.fsync !== 'never') await syncDirectory(this.#deps.directory);
    const segment = { file, first: ordinal, bytes: 0 };
    this.#deps.segments.push(segment);
    return segment;
  }

  #syncSoon(): void {
    const sync = () => {
      this.#cancelSync = undefined;
      const handle = this.#handle;
      if (!handle) return;
      // Behind the one under way, if the disk is slower than the interval: whoever closes the file waits for the last.
      const before = this.#syncing ?? Promise.resolve();
      const syncing = before
        .then(() => handle.datasync())
        .then(() => this.#deps.onSync(undefined), this.#deps.onSync)
        .finally(() => {
          if (this.#syncing === syncing) this.#syncing = undefined;
        });
      this.#syncing = syncing;
    };
    this.#cancelSync ??= this.#deps.clock.after(this.#deps.fsyncIntervalMs, sync, { background: true });
  }
}

/** A new file is there after a crash of the machine only when its directory has reached the disk too. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
