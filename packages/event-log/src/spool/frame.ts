import { crc32 } from 'node:zlib';

// A frame: the length of its text, a CRC-32 (IEEE 802.3, as zlib's) of all that follows, its kind, its ordinal, its text.
const CRC_AT = 4;
const KIND_AT = 8;
const ORDINAL_AT = 9;
const HEADER_BYTES = 15;
const ORDINAL_BYTES = 6;

/** Whatever says that it is longer is no frame of ours. */
const LONGEST_TEXT = 256 * 2 ** 20;

/** `gap` tells of events that are missing at its place; it has the ordinal of the event after it, and uses none up. */
type FrameKind = 'event' | 'gap';

export interface Frame {
  readonly kind: FrameKind;
  /** Dense over the events of a spool, so that the size of a hole is known. */
  readonly ordinal: number;
  /** JSON. */
  readonly text: string;
}

/** `short`: the frame goes on after the end of the bytes. `damaged`: what is there was never written so. */
export type ReadFrame = { readonly frame: Frame; readonly end: number } | 'damaged' | 'short';

export function encodeFrames(frames: readonly Frame[]): Buffer {
  const bytes = frames.reduce((sum, { text }) => sum + HEADER_BYTES + Buffer.byteLength(text), 0);
  const buffer = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const { kind, ordinal, text } of frames) {
    const end = at + HEADER_BYTES + buffer.write(text, at + HEADER_BYTES);
    buffer.writeUInt32BE(end - at - HEADER_BYTES, at);
    buffer.writeUInt8(kind === 'event' ? 1 : 2, at + KIND_AT);
    buffer.writeUIntBE(ordinal, at + ORDINAL_AT, ORDINAL_BYTES);
    buffer.writeUInt32BE(crc32(buffer.subarray(at + KIND_AT, end)), at + CRC_AT);
    at = end;
  }
  return buffer;
}

/** Reads the frame that begins at `at`. */
export function readFrame(buffer: Buffer, at: number): ReadFrame {
  if (buffer.length - at < HEADER_BYTES) return 'short';
  const end = at + HEADER_BYTES + buffer.readUInt32BE(at);
  if (end - at > HEADER_BYTES + LONGEST_TEXT) return 'damaged';
  if (end > buffer.length) return 'short';
  if (crc32(buffer.subarray(at + KIND_AT, end)) !== buffer.readUInt32BE(at + CRC_AT)) return 'damaged';
  const frame: Frame = {
    kind: buffer.readUInt8(at + KIND_AT) === 1 ? 'event' : 'gap',
    ordinal: buffer.readUIntBE(at + ORDINAL_AT, ORDINAL_BYTES),
    text: buffer.toString('utf8', at + HEADER_BYTES, end),
  };
  return { frame, end };
}

/**
 * Where the first frame after `at` begins that has an ordinal beyond `beyond`. It looks at every byte, since the length of
 * a damaged frame cannot be trusted. JSON has no bytes as low as a kind, so hardly any place needs a second look, and what
 * passes its checksum was written so.
 */
export function frameAfterDamage(buffer: Buffer, at: number, beyond: number): number | undefined {
  for (let next = at + 1; next + HEADER_BYTES <= buffer.length; next++) {
    const kind = buffer[next + KIND_AT];
    if (kind !== 1 && kind !== 2) continue;
    if (buffer.readUIntBE(next + ORDINAL_AT, ORDINAL_BYTES) <= beyond) continue;
    if (typeof readFrame(buffer, next) === 'object') return next;
  }
  return undefined;
}
