import { StringDecoder } from 'node:string_decoder';

import { withoutSecrets } from './without-secrets.js';

const MOST_LINES = 20;
const MOST_CHARACTERS = 4000;
/** Read back further than what is told: where text is cut, half a secret may stand, which nobody would know for one. */
const MOST_KEPT = 2 * MOST_CHARACTERS;

/** Keeps the last that a process wrote to its standard error. */
export class StderrTail {
  readonly #decoder = new StringDecoder('utf8');
  readonly #env: Readonly<Record<string, string>>;
  #text = '';
  #isCut = false;

  /** @param env - what it was given in confidence; none of it is repeated. */
  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  read(chunk: Buffer): void {
    const text = this.#text + this.#decoder.write(chunk);
    this.#isCut ||= text.length > MOST_KEPT;
    this.#text = text.slice(-MOST_KEPT);
  }

  /** At most 20 lines and 4000 characters, oldest first. */
  get lines(): readonly string[] {
    const [first = '', ...others] = this.#text.trimEnd().split(/\r?\n/);
    const whole = this.#isCut && others.length > 0 ? others : [first, ...others];
    const text = whole
      .map((line) => withoutSecrets(line, this.#env))
      .join('\n')
      .slice(-MOST_CHARACTERS);
    return text === '' ? [] : text.split('\n').slice(-MOST_LINES);
  }
}
