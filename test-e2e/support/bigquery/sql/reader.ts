import { invalidQuery } from '../refusal.js';
import { type Token, tokensOf } from './tokens.js';

/** Goes through the words of one statement. */
export class Reader {
  readonly #sql: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = tokensOf(sql);
  }

  get token(): Token {
    return this.at(0);
  }

  at(ahead: number): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  take(): Token {
    const { token } = this;
    this.#next++;
    return token;
  }

  /** Whether these words come next, whatever their case. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.at(ahead);
      return (token.kind === 'word' || token.kind === 'sign') && token.text.toUpperCase() === word;
    });
  }

  /** Goes past these words if they come next. */
  accept(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#next += words.length;
    return true;
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) throw this.unexpected(`Expected ${words.join(' ')}`);
  }

  acceptOne<Word extends string>(...words: readonly Word[]): Word | undefined {
    return words.find((word) => this.accept(word));
  }

  name(): string {
    const { kind, text } = this.token;
    if (kind === 'quoted' || (kind === 'word' && !RESERVED.has(text.toUpperCase()))) {
      this.#next++;
      return text;
    }
    throw this.unexpected('Expected an identifier');
  }

  list<Item>(one: () => Item): Item[] {
    const items = [one()];
    while (this.accept(',')) items.push(one());
    return items;
  }

  /** The text from one place to the end of what has been read. */
  since(at: number): string {
    return this.#sql.slice(at, this.token.at).trim();
  }

  unexpected(wanted: string): Error {
    const { kind, text, at } = this.token;
    const got = kind === 'end' ? 'end of input' : `"${text}"`;
    return invalidQuery(`Syntax error: ${wanted} but got ${got} at [${at + 1}]`);
  }
}

/** They name nothing unless they are quoted. */
const RESERVED = new Set(
  `ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS CREATE CROSS CUBE CURRENT DEFAULT DEFINE
   DESC DISTINCT ELSE END ENUM ESCAPE EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL GROUP GROUPING GROUPS HASH
   HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF
   ON OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE RESPECT RIGHT ROLLUP ROWS SELECT SET SOME STRUCT
   TABLESAMPLE THEN TO TREAT TRUE UNBOUNDED UNION UNNEST USING WHEN WHERE WINDOW WITH WITHIN`.split(/\s+/),
);
