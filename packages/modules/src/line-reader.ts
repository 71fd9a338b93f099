/** The longest line, in bytes, its end not counted. */
const LONGEST_LINE = 2 ** 20;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export interface LineReaderDeps {
  readonly onLine: (line: string) => void;
  /** Told once; nothing is read any more then. */
  readonly onTooLong: (mostBytes: number) => void;
}

/** Cuts bytes into lines of UTF-8, and keeps no more than one line of them. */
export class LineReader {
  readonly #deps: LineReaderDeps;
  #parts: Buffer[] = [];
  #bytes = 0;
  #over = false;

  constructor(deps: LineReaderDeps) {
    this.#deps = deps;
  }

  read(chunk: Buffer): void {
    let from = 0;
    while (!this.#over) {
      const to = chunk.indexOf(NEWLINE, from);
      if (to === -1) return this.#keep(chunk.subarray(from));
      this.#keep(chunk.subarray(from, to));
      if (!this.#over) this.#tell();
      from = to + 1;
    }
  }

  /** Nothing more comes: what is left is a line, too. */
  end(): void {
    if (this.#bytes > 0 && !this.#over) this.#tell();
    this.#over = true;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes <= LONGEST_LINE) return void this.#parts.push(part);
    this.#over = true;
    this.#parts = [];
    this.#deps.onTooLong(LONGEST_LINE);
  }

  #tell(): void {
    const [only = Buffer.alloc(0)] = this.#parts;
    const line = this.#parts.length > 1 ? Buffer.concat(this.#parts) : only;
    this.#parts = [];
    this.#bytes = 0;
    const end = line.at(-1) === RETURN ? line.length - 1 : line.length;
    this.#deps.onLine(line.toString('utf8', 0, end));
  }
}
