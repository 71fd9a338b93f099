import { StringDecoder } from 'node:string_decoder';

const MOST_LINES = 20;
const MOST_CHARACTERS = 4000;

/** Keeps the last that a process wrote to its standard error. */
export class StderrTail {
  readonly #decoder = new StringDecoder('utf8');
  #text = '';

  read(chunk: Buffer): void {
    this.#text = (this.#text + this.#decoder.write(chunk)).slice(-MOST_CHARACTERS);
  }

  /** At most 20 lines and 4000 characters, oldest first. */
  get lines(): readonly string[] {
    const text = this.#text.trimEnd();
    return text === '' ? [] : text.split(/\r?\n/).slice(-MOST_LINES);
  }
}
