/**
 * Arrays in Postgres' binary format, as a `Buffer`, which `pg` sends as it is: cheaper to write here and to read there than
 * text that has to be quoted and escaped.
 *
 * The format: number of dimensions, whether there are nulls, the type of the elements; the size and the first index of the
 * dimension; then each element with its length in front, which is -1 for null. Everything in big-endian 32 bits.
 */

const TEXT = 25;
const BIGINT = 20;

const HEADER_BYTES = 20;
const BIGINT_BYTES = 8;

/** A `text[]`; what is undefined is null in it. */
export function textArray(values: readonly (string | undefined)[]): Buffer {
  let bytes = HEADER_BYTES + 4 * values.length;
  for (const value of values) if (value !== undefined) bytes += Buffer.byteLength(value);
  const array = begin(bytes, TEXT, values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === undefined) {
      at = array.writeInt32BE(-1, at);
    } else {
      const written = array.write(value, at + 4);
      at = array.writeInt32BE(written, at) + written;
    }
  }
  return array;
}

/** A `bigint[]` of safe integers; what is undefined is null in it. */
export function bigintArray(values: readonly (number | undefined)[]): Buffer {
  let bytes = HEADER_BYTES + 4 * values.length;
  for (const value of values) if (value !== undefined) bytes += BIGINT_BYTES;
  const array = begin(bytes, BIGINT, values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === undefined) {
      at = array.writeInt32BE(-1, at);
    } else {
      at = array.writeInt32BE(BIGINT_BYTES, at);
      // Two's complement in two halves: a `BigInt` for each number would cost more than everything else here.
      at = array.writeInt32BE(Math.floor(value / 2 ** 32), at);
      at = array.writeUInt32BE(value >>> 0, at);
    }
  }
  return array;
}

function begin(bytes: number, type: number, length: number): Buffer {
  const array = Buffer.allocUnsafe(bytes);
  array.writeInt32BE(1, 0);
  // That there may be nulls; the server looks at the lengths all the same.
  array.writeInt32BE(1, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}
