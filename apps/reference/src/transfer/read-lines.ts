import { MobError } from '@mobkit/core';

/** More than the largest entry any store takes; what is longer is no export, and must not fill the memory. */
const MAX_LINE_BYTES = 256 * 1024 * 1024;

const NEWLINE = 0x0a;

/** A line, without its end, and where it stands, from 1. */
export interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

/**
 * Divides bytes into lines, at `\n` alone: data may hold whatever else is taken for the end of one (U+2028). The last line
 * needs no end.
 *
 * @throws MobError `mobkit/import` for a line that is not UTF-8, or too long.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<NumberedLine, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let number = 0;
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = (last: Uint8Array): NumberedLine => {
    number += 1;
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    size = 0;
    try {
      return { text: decoder.decode(bytes), number };
    } catch (cause) {
      throw new MobError('mobkit/import', `Line ${number} is not UTF-8`, { cause });
    }
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield take(chunk.subarray(from, end));
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    size += chunk.byteLength - from;
    if (size > MAX_LINE_BYTES) throw new MobError('mobkit/import', `Line ${number + 1} is too long`);
  }
  if (size > 0) yield take(new Uint8Array());
}
