import { truncate } from 'node:fs/promises';

import { frameAfterDamage, readFrame } from './frame.js';
import { readBytes, type Segment } from './segments.js';

/** What an earlier process left in a segment. */
export interface Recovered {
  /** The ordinal after its last event that can be read; `segment.first` when none can. */
  readonly next: number;
  /** Where something cannot be read, in bytes from the beginning of the file, each with what was done about it. */
  readonly damage: readonly { readonly at: number; readonly what: string }[];
}

/**
 * Looks through a segment and sets its `bytes`. What cannot be read is left in the middle of a file, for the reader to step
 * over; at the end of the last file it is a write that a crash cut off, and is cut off here.
 */
export async function recoverSegment(segment: Segment, size: number, last: boolean): Promise<Recovered> {
  const buffer = await readBytes(segment.file, 0, size);
  const damage: { at: number; what: string }[] = [];
  let next = segment.first;
  let at = 0;
  // A file is made together with its first event.
  if (size === 0 && !last) damage.push({ at, what: 'its end: nothing is left of it' });
  while (at < buffer.length) {
    const read = readFrame(buffer, at);
    if (typeof read === 'object') {
      if (read.frame.kind === 'event') next = read.frame.ordinal + 1;
      at = read.end;
      continue;
    }
    const after = frameAfterDamage(buffer, at, next - 1);
    if (after !== undefined) {
      damage.push({ at, what: `damage: ${after - at} bytes skipped` });
      at = after;
      continue;
    }
    if (last) {
      damage.push({ at, what: `a write that was cut off: ${buffer.length - at} bytes removed` });
      await truncate(segment.file, at);
    } else {
      damage.push({ at, what: 'damage up to its end, which is skipped' });
    }
    break;
  }
  segment.bytes = last ? at : buffer.length;
  return { next, damage };
}
