import { parse } from 'smol-toml';

import { joinPath } from './path.js';

/**
 * Where each key, table and list element of a TOML text begins: offsets by the text form of their path. The parser keeps
 * no positions, so the text is walked once more; it must be one that the parser took.
 */
export function locateToml(text: string): ReadonlyMap<string, number> {
  return new TomlWalk(text).document();
}

interface Key {
  readonly name: string;
  readonly offset: number;
}

class TomlWalk {
  readonly #text: string;
  #at = 0;
  readonly #offsets = new Map<string, number>();
  /** How many elements each array of tables has so far. */
  readonly #lengths = new Map<string, number>();

  constructor(text: string) {
    this.#text = text;
  }

  document(): ReadonlyMap<string, number> {
    let table = '';
    for (this.#skip(BLANK); this.#at < this.#text.length; this.#skip(BLANK)) {
      if (this.#text[this.#at] === '[') table = this.#header();
      else this.#pair(table);
    }
    return this.#offsets;
  }

  /** Returns the table that the pairs after it go into: of an array of tables, its last element. */
  #header(): string {
    const isArray = this.#text.startsWith('[[', this.#at);
    this.#at += isArray ? 2 : 1;
    const keys = this.#keys();
    this.#at += isArray ? 2 : 1;
    let path = '';
    for (const [at, { name, offset }] of keys.entries()) {
      const isLast = at === keys.length - 1;
      path = joinPath(path, name);
      const array = path;
      // A table named in the header of another may still get a header of its own, which is the better place.
      if (isLast && !isArray) this.#offsets.set(array, offset);
      else this.#note(path, offset);
      if (isLast && isArray) this.#lengths.set(array, (this.#lengths.get(array) ?? 0) + 1);
      const length = this.#lengths.get(array);
      if (length === undefined) continue;
      path = joinPath(path, length - 1);
      this.#note(path, offset);
    }
    return path;
  }

  #pair(table: string): void {
    let path = table;
    for (const { name, offset } of this.#keys()) {
      path = joinPath(path, name);
      this.#note(path, offset);
    }
    this.#at += '='.length;
    this.#skip(SPACE);
    this.#value(path);
  }

  #keys(): readonly Key[] {
    const keys: Key[] = [];
    do {
      if (keys.length > 0) this.#at += '.'.length;
      this.#skip(SPACE);
      const offset = this.#at;
      if (this.#isQuote()) this.#string();
      else this.#skip(BARE_KEY);
      keys.push({ name: keyName(this.#text.slice(offset, this.#at)), offset });
      this.#skip(SPACE);
    } while (this.#text[this.#at] === '.');
    return keys;
  }

  #value(path: string): void {
    if (this.#isQuote()) this.#string();
    else if (this.#text[this.#at] === '[') this.#list(']', (place) => this.#element(joinPath(path, place)));
    else if (this.#text[this.#at] === '{') this.#list('}', () => this.#pair(path));
    else this.#skip(BARE_VALUE);
  }

  #element(path: string): void {
    this.#note(path, this.#at);
    this.#value(path);
  }

  #list(end: string, readItem: (place: number) => void): void {
    this.#at += 1;
    this.#skip(BLANK);
    for (let place = 0; this.#at < this.#text.length && this.#text[this.#at] !== end; place += 1) {
      readItem(place);
      this.#skip(BLANK);
      if (this.#text[this.#at] === ',') this.#at += 1;
      this.#skip(BLANK);
    }
    this.#at += 1;
  }

  #isQuote(): boolean {
    return this.#text[this.#at] === '"' || this.#text[this.#at] === "'";
  }

  #string(): void {
    const quote = this.#text.charAt(this.#at);
    const end = this.#text.startsWith(quote.repeat(3), this.#at) ? quote.repeat(3) : quote;
    this.#at += end.length;
    while (this.#at < this.#text.length && !this.#text.startsWith(end, this.#at)) {
      this.#at += quote === '"' && this.#text[this.#at] === '\\' ? 2 : 1;
    }
    this.#at += end.length;
    // A multi-line string may end with up to two quotes of its own before the three that close it.
    if (end.length === 3) while (this.#text[this.#at] === quote) this.#at += 1;
  }

  /** Moves over what the pattern matches here. Where nothing matches, the text is not one the parser took: gives up. */
  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    this.#at = pattern.test(this.#text) ? pattern.lastIndex : this.#text.length;
  }

  #note(path: string, offset: number): void {
    if (!this.#offsets.has(path)) this.#offsets.set(path, offset);
  }
}

const SPACE = /[ \t]*/y;
const BLANK = /(?:\s+|#[^\n]*)*/y;
const BARE_KEY = /[\w-]+/y;
const BARE_VALUE = /[^,\]}\n#]+/y;

/** A quoted key says its name only to the parser, which knows the escapes. */
function keyName(key: string): string {
  return /^["']/.test(key) ? (Object.keys(parse(`${key} = 0`))[0] ?? '') : key;
}
