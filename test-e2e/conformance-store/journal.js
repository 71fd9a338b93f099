import { closeSync, fdatasyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** An append-only file of JSON lines. A line is on the disk when `write` returns. */
export class Journal {
  /** @type {number | undefined} */
  #file;

  /**
   * @param {string} path created when missing
   * @param {(line: any) => void} replay called with every line, before the constructor returns
   */
  constructor(path, replay) {
    this.#file = openSync(path, 'a+', 0o600);
    const kept = readFileSync(path);
    // A process that was killed may have left a line without its end: nobody was told that it is kept.
    const end = kept.lastIndexOf(10) + 1;
    ftruncateSync(this.#file, end);
    for (const line of kept.toString('utf8', 0, end).split('\n').slice(0, -1)) replay(JSON.parse(line));
  }

  /** @param {unknown} line */
  write(line) {
    if (this.#file === undefined) throw new TypeError('The journal is closed');
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
    fdatasyncSync(this.#file);
  }

  close() {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
