import { type Frame, frameAfterDamage, readFrame } from './frame.js';
import { readBytes, type Segment } from './segments.js';

/** Bytes read from a file at once: a segment may be much longer, if its last write was of large events. */
const READ_BYTES = 4 * 2 ** 20;

/** Reads the frames of segments, the oldest first, and steps over what cannot be read. */
export class SpoolReader {
  readonly #segments: readonly Segment[];
  readonly #onDamage: (file: string, at: number) => void;
  #segment: Segment | undefined;
  /** Bytes of the segment from `#from` on. */
  #buffer: Buffer = Buffer.alloc(0);
  #from = 0;
  #at = 0;
  /** The ordinal of the last event that was read in the segment. */
  #last = -1;

  /** @param segments - the oldest first; may change while this reads, but for the one that it reads. */
  constructor(segments: readonly Segment[], onDamage: (file: string, at: number) => void) {
    this.#segments = segments;
    this.#onDamage = onDamage;
  }

  /** The segment that is read, or was read last. */
  get segment(): Segment | undefined {
    return this.#segment;
  }

  /** The next frames, at most `count`, of at most `bytes` but for the last of them; none when all that was written was read. */
  async next(count: number, bytes: number): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    try {
      await this.#readInto(frames, count, bytes);
    } catch (error) {
      // What was read is not lost with what could not be; whoever asks again meets the error again.
      if (frames.length === 0) throw error;
    }
    return frames;
  }

  async #readInto(frames: Frame[], count: number, bytes: number): Promise<void> {
    let left = bytes;
    while (frames.length < count && left > 0 && (this.#at < this.#buffer.length || (await this.#load()))) {
      const read = readFrame(this.#buffer, this.#at);
      if (typeof read === 'object') {
        frames.push(read.frame);
        if (read.frame.kind === 'event') this.#last = read.frame.ordinal;
        left -= read.end - this.#at;
        this.#at = read.end;
      } else if (!(await this.#extend())) {
        // Also when it is short: only whole frames are ever counted as written.
        this.#onDamage(this.#segment?.file ?? '', this.#from + this.#at);
        this.#at = frameAfterDamage(this.#buffer, this.#at, this.#last) ?? this.#buffer.length;
      }
    }
  }

  /** Reads on in the segment, to see the rest of a frame, or what comes after damage; false at the end. */
  async #extend(): Promise<boolean> {
    const segment = this.#segment;
    const from = this.#from + this.#buffer.length;
    if (!segment || from >= segment.bytes) return false;
    const more = await readBytes(segment.file, from, Math.min(segment.bytes - from, READ_BYTES));
    if (more.length === 0) return false;
    this.#buffer = Buffer.concat([this.#buffer.subarray(this.#at), more]);
    this.#from += this.#at;
    this.#at = 0;
    return true;
  }

  /** Reads what was written meanwhile, else the next segment; false when there is nothing. */
  async #load(): Promise<boolean> {
    for (;;) {
      const segment = this.#segment;
      const from = this.#from + this.#buffer.length;
      if (segment && from < segment.bytes) {
        const buffer = await readBytes(segment.file, from, Math.min(segment.bytes - from, READ_BYTES));
        this.#from = from;
        this.#at = 0;
        this.#buffer = buffer;
        if (buffer.length > 0) return true;
        // The file is shorter than it was.
        this.#onDamage(segment.file, from);
        this.#from = segment.bytes;
      }
      const newer = this.#segments.find(({ first }) => !segment || first > segment.first);
      if (!newer) return false;
      [this.#segment, this.#from, this.#at, this.#buffer] = [newer, 0, 0, Buffer.alloc(0)];
      this.#last = newer.first - 1;
    }
  }
}
