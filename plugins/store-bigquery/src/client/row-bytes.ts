/** Kept from one use to the next: about 8,000 rows of events. */
const MAX_SPARE_BYTES = 4 * 2 ** 20;
const FIRST_BYTES = 64 * 2 ** 10;

/** Room that is used again: as much memory anew for every request costs more than writing the rows does. */
export class SpareRoom {
  #bytes: Buffer | undefined;

  /** What was given back, which is nobody else's then. */
  take(): Buffer {
    const bytes = this.#bytes ?? Buffer.allocUnsafeSlow(FIRST_BYTES);
    this.#bytes = undefined;
    return bytes;
  }

  /** To be called when nobody reads it any more. */
  giveBack(bytes: Buffer): void {
    if (bytes.length <= MAX_SPARE_BYTES) this.#bytes = bytes;
  }
}

/** Texts in UTF-8, one behind the other with a comma between, in room that grows. */
export class RowBytes {
  #bytes: Buffer;
  /** Where each row ends. */
  readonly #ends: number[] = [];
  #end = 0;

  constructor(room: Buffer) {
    this.#bytes = room;
  }

  get count(): number {
    return this.#ends.length;
  }

  /** All of it, with what no row is in. */
  get room(): Buffer {
    return this.#bytes;
  }

  add(row: string): void {
    // A character is of three bytes at most.
    if (this.#end + 1 + row.length * 3 > this.#bytes.length) this.#grow(1 + Buffer.byteLength(row));
    if (this.count > 0) this.#bytes[this.#end++] = COMMA;
    this.#end += this.#bytes.write(row, this.#end);
    this.#ends.push(this.#end);
  }

  /** Of the rows before one. */
  endBefore(row: number): number {
    return this.#ends[row - 1] ?? 0;
  }

  /** Rows `from` to `to`, without the last; read from where they are, and good as long as nothing is added. */
  slice(from: number, to: number): Buffer {
    return this.#bytes.subarray(from === 0 ? 0 : this.endBefore(from) + 1, this.endBefore(to));
  }

  #grow(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#end + bytes));
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}

const COMMA = 0x2c;
