import { joinPath } from './path.js';

/** What walking a JSON text found. */
export interface JsonWalked {
  /** Where each key and list element begins, by the text form of its path. */
  readonly offsets: ReadonlyMap<string, number>;
  /** The first thing that is not JSON; absent when all is. */
  readonly broken?: { readonly offset: number; readonly message: string };
}

/**
 * Walks a JSON text for positions: `JSON.parse` gives none to values, and to errors only in some versions of Node. Lists
 * and objects nested deeper than `maxDepth` count as broken.
 */
export function walkJson(text: string, maxDepth: number): JsonWalked {
  const walk = new JsonWalk(text, maxDepth);
  try {
    walk.document();
    return { offsets: walk.offsets };
  } catch (error) {
    if (error instanceof Broken) return { offsets: walk.offsets, broken: error };
    throw error;
  }
}

class Broken extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

class JsonWalk {
  readonly offsets = new Map<string, number>();
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): void {
    this.#value('', 0);
    if (this.#at < this.#text.length) throw this.#expected('the end of the text');
  }

  #value(path: string, depth: number): void {
    if (depth > this.#maxDepth) {
      throw new Broken(this.#at, `more than ${this.#maxDepth} lists and objects in each other`);
    }
    this.#skip(BLANK);
    if (this.#text[this.#at] === '{') this.#list('}', () => this.#pair(path, depth));
    else if (this.#text[this.#at] === '[')
      this.#list(']', (place) => this.#element(joinPath(path, place), depth));
    else if (!this.#skip(STRING) && !this.#skip(WORD)) throw this.#expected('a value');
    this.#skip(BLANK);
  }

  #pair(path: string, depth: number): void {
    const offset = this.#at;
    if (!this.#skip(STRING)) throw this.#expected('a key in double quotes');
    const name = joinPath(path, JSON.parse(this.#text.slice(offset, this.#at)) as string);
    this.offsets.set(name, offset);
    this.#skip(BLANK);
    if (!this.#skip(COLON)) throw this.#expected('":" after the key');
    this.#value(name, depth + 1);
  }

  #element(path: string, depth: number): void {
    this.offsets.set(path, this.#at);
    this.#value(path, depth + 1);
  }

  #list(end: '}' | ']', readItem: (place: number) => void): void {
    this.#at += 1;
    this.#skip(BLANK);
    if (this.#text[this.#at] !== end) {
      readItem(0);
      for (let place = 1; this.#skip(COMMA); place += 1) {
        this.#skip(BLANK);
        readItem(place);
      }
    }
    if (this.#text[this.#at] !== end) throw this.#expected(`"," or "${end}"`);
    this.#at += 1;
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #expected(what: string): Broken {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end of the text';
    return new Broken(this.#at, `expected ${what}, found ${found}`);
  }
}

const BLANK = /[ \t\r\n]*/y;
const COLON = /:/y;
const COMMA = /,/y;
// Runs of characters are parted by escapes and nothing can match in two ways: a string without an end fails at once.
// eslint-disable-next-line no-control-regex -- JSON refuses control characters in strings
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
